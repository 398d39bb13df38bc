// Numbers that look random and depend on nothing but what they are made from.
import { createHash } from "node:crypto";

/** Draws the next number, from 0 inclusive to 1 exclusive. */
export type Draw = () => number;

/** The same parts give the same numbers, in whatever order the draws of others come. */
export function drawsOf(...parts: (string | number)[]): Draw {
  const name = JSON.stringify(parts);
  let count = 0;
  return () => {
    const digest = createHash("sha256").update(`${name}/${count++}`).digest();
    return digest.readUIntBE(0, 6) / 2 ** 48;
  };
}

export function pick<T>(draw: Draw, from: readonly T[]): T {
  const found = from[Math.floor(draw() * from.length)];
  if (found === undefined) throw new RangeError("there is nothing to pick from");
  return found;
}
