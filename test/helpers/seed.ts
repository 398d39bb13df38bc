// How much is tried, and with which dice. `npm test` tries the same every time; the nightly run tries more, and something
// else each night: what failed there is tried again by naming its seed.

/** Whether this is the long run. */
export const NIGHTLY = (process.env.NIGHTLY ?? "") !== "";

/** From `SEED`, or drawn in the nightly run, or the same for everybody. */
export const SEED = Number(process.env.SEED ?? (NIGHTLY ? Date.now() % 1_000_000_007 : 20_261_124));
