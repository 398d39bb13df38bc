// How fast one service is asked: few requests at once, fewer after it said 'too many', slowly more again; and none at all
// while it asks for a pause. Shared by all requests to that service.
import { debug, say } from "../log";
import { backoff } from "./retry";

/** What a request's end says of the service. `paused`: it asked for a pause, in milliseconds, or for one without saying how long. */
export type Verdict = "fine" | "failed" | { readonly paused: number | undefined };

/** A place among the requests under way. */
export interface Turn {
  /** Counts the slowdowns before it began: a request from before the last one says nothing new. */
  readonly epoch: number;
}

interface Waiting {
  /** When its time is up. */
  readonly end: number;
  readonly settle: (turn: Turn | undefined) => void;
}

/** Pauses of this length, in milliseconds, are told to the user. */
const LONG = 5_000;
/** Requests under way together are asked for the same pause, one after the other. */
const SAME = 900;

export class Pace {
  readonly #waiting: Waiting[] = [];
  #running = 0;
  #window: number;
  #epoch = 0;
  #strikes = 0;
  #until = 0;
  #timer: NodeJS.Timeout | undefined;

  /** `most` requests at once, when all is well. */
  constructor(
    private readonly service: string,
    private readonly most: number,
  ) {
    this.#window = most;
  }

  /** Milliseconds for which the service wants no requests. */
  get pause(): number {
    return Math.max(0, this.#until - Date.now());
  }

  /** Waits for a turn until `end`; undefined when there is none in that time. What is `again` goes before what is new. */
  enter(end: number, again: boolean): Promise<Turn | undefined> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#giveUp(waiting), Math.max(0, end - Date.now()));
      const waiting: Waiting = {
        end,
        settle: (turn) => {
          clearTimeout(timer);
          resolve(turn);
        },
      };
      this.#waiting[again ? "unshift" : "push"](waiting);
      this.#next();
    });
  }

  leave(turn: Turn, verdict: Verdict): void {
    this.#running--;
    if (verdict === "fine") {
      this.#strikes = 0;
      this.#window = Math.min(this.most, this.#window + 1 / this.#window);
    } else if (verdict !== "failed") {
      this.#slowDown(turn, verdict.paused);
    }
    this.#next();
  }

  /** Half as many at once, and none before the pause is over. Those that were under way together count once. */
  #slowDown({ epoch }: Turn, asked: number | undefined): void {
    if (epoch === this.#epoch) {
      this.#epoch++;
      this.#strikes++;
      this.#window = Math.max(1, this.#window / 2);
    }
    const pause = asked ?? backoff(this.#strikes, Math.random());
    const until = Date.now() + pause;
    const isNews = until > this.#until + SAME;
    this.#until = Math.max(this.#until, until);
    if (!isNews) {
      return;
    }
    debug(
      `${this.service} asks for a pause of ${pause} ms; ${this.#waiting.length} requests wait, then ${Math.floor(this.#window)} at once`,
    );
    if (pause >= LONG) {
      say(`${this.service} asks for a pause of ${Math.ceil(pause / 1_000)} s.`);
    }
  }

  #next(): void {
    const { pause } = this;
    if (pause > 0) {
      // Nobody waits for a pause that outlasts their time.
      this.#waiting.filter(({ end }) => end <= this.#until).forEach((waiting) => this.#giveUp(waiting));
      clearTimeout(this.#timer);
      this.#timer = this.#waiting.length === 0 ? undefined : setTimeout(() => this.#next(), pause);
      return;
    }
    while (this.#running < Math.floor(this.#window)) {
      const next = this.#waiting.shift();
      if (next === undefined) {
        return;
      }
      this.#running++;
      next.settle({ epoch: this.#epoch });
    }
  }

  #giveUp(waiting: Waiting): void {
    this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
    waiting.settle(undefined);
  }
}
