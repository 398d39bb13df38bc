// What belongs to one engine's connection: its configuration, where it takes log lines, and what it may cancel. Several
// engines may be attached to a port at once; none sees another's.
import type * as grpc from "@grpc/grpc-js";
import type { Properties } from "../records";
import { EngineLog } from "./engine-log";
import type { Cloud } from "./model";
import { plainObject } from "./values";

type Call = Pick<grpc.ServerUnaryCall<unknown, unknown>, "getPeer" | "request"> & {
  on(event: "cancelled", listener: () => void): unknown;
};

/** Engines come and go; one that has not been heard of for so long is gone. */
const FORGOTTEN_AFTER = 60 * 60 * 1000;

interface Session {
  used: number;
  config: Readonly<Record<string, string>>;
  log: EngineLog | undefined;
  cancel: AbortController;
}

export class Sessions {
  private readonly open = new Map<string, Session>();

  constructor(private readonly cloud: Omit<Cloud, "config" | "signal" | "log">) {}

  attach(call: Call, engineAddress: string): void {
    const session = this.of(call);
    session.log?.close();
    session.log = engineAddress === "" ? undefined : new EngineLog(engineAddress);
  }

  configure(call: Call, args: Properties): void {
    const texts = Object.entries(plainObject(args)).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string",
    );
    this.of(call).config = Object.fromEntries(texts);
  }

  /** Ends what runs for the engine of `call`. */
  cancel(call: Call): void {
    const session = this.of(call);
    session.cancel.abort();
    session.cancel = new AbortController();
  }

  /** Runs `work`, which ends early when the engine cancels or hangs up. */
  async during<T>(call: Call, work: (cloud: Cloud) => T | Promise<T>): Promise<T> {
    const session = this.of(call);
    const hungUp = new AbortController();
    call.on("cancelled", () => hungUp.abort());
    return work({
      ...this.cloud,
      config: session.config,
      signal: AbortSignal.any([session.cancel.signal, hungUp.signal]),
      log: (message) => session.log?.info(message, urnOf(call.request)),
    });
  }

  close(): void {
    for (const session of this.open.values()) {
      session.cancel.abort();
      session.log?.close();
    }
    this.open.clear();
  }

  private of(call: Call): Session {
    const now = Date.now();
    for (const [peer, { used, log }] of this.open) {
      if (now - used < FORGOTTEN_AFTER) continue;
      log?.close();
      this.open.delete(peer);
    }
    const peer = call.getPeer();
    const found = this.open.get(peer) ?? { used: now, config: {}, log: undefined, cancel: new AbortController() };
    found.used = now;
    this.open.set(peer, found);
    return found;
  }
}

const urnOf = (request: unknown): string => (request as { getUrn?: () => string }).getUrn?.() ?? "";
