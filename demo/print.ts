// What the demo says: one line a step with its time, details below it, and a sign of life while something takes long.
import { setInterval } from "node:timers";

/** After how long a step shows that it is alive: on a terminal in place, elsewhere by a line. */
const PROGRESS = 2_000;
/** Lines elsewhere come further apart after the first. */
const LINES_APART = 6_000;
const WIDTH = 78;

export class Story {
  readonly #start = Date.now();
  readonly #live = process.stdout.isTTY;
  #step = 0;

  /** `write` gets every text, line ends included. */
  constructor(private readonly write: (text: string) => void = (text) => void process.stdout.write(text)) {}

  /** A heading. */
  chapter(title: string): void {
    this.write(`\n${title}\n${"-".repeat(Math.min(title.length, WIDTH))}\n`);
  }

  /** A detail below the last step. */
  detail(text: string): void {
    this.write(
      text
        .split("\n")
        .map((line) => `        ${line}\n`)
        .join(""),
    );
  }

  line(text = ""): void {
    this.write(`${text}\n`);
  }

  /** Runs a step: one line with its time when it has ended, and a line every two seconds until then. */
  async step<T>(who: string, what: string, action: (progress: (text: string) => void) => Promise<T>): Promise<T> {
    const number = ++this.#step;
    const start = Date.now();
    let latest = "";
    let told = 0;
    const timer = setInterval(() => {
      if (!this.#live && told !== 0 && Date.now() - told < LINES_APART) {
        return;
      }
      told = Date.now();
      const text = `        … ${who}, ${seconds(start)}${latest === "" ? "" : `: ${latest}`}`.slice(0, WIDTH);
      this.write(this.#live ? `\r${text.padEnd(WIDTH)}` : `${text}\n`);
    }, PROGRESS);
    const head = `${String(number).padStart(2)}  ${who.padEnd(9)} ${what}`;
    try {
      const result = await action((text) => (latest = text));
      this.#end(timer, `${head.padEnd(64)} ${seconds(start).padStart(7)}`);
      return result;
    } catch (error) {
      this.#end(timer, `${head.padEnd(64)} ${seconds(start).padStart(7)}  FAILED`);
      throw error;
    }
  }

  /** Seconds since the story began. */
  get elapsed(): number {
    return (Date.now() - this.#start) / 1_000;
  }

  #end(timer: NodeJS.Timeout, line: string): void {
    clearInterval(timer);
    this.write(`${this.#live ? `\r${" ".repeat(WIDTH)}\r` : ""}${line}\n`);
  }
}

function seconds(since: number): string {
  return `${((Date.now() - since) / 1_000).toFixed(1)} s`;
}
