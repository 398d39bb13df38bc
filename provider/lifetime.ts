// A provider process must not outlive the engine that started it: killed engines leave their providers behind, and one
// that goes on could still write after a later run is done.
import { connect } from "node:net";

/** Milliseconds between two looks. */
const PERIOD = 1_000;
/** Looks that must fail one after the other. */
const ENOUGH = 2;

let watching = false;

/** Ends this process soon after the engine has gone whose address it was started with. Only where there is such an engine. */
export function endWithEngine(
  args: readonly string[] = process.argv.slice(2),
  end = (): void => process.exit(1),
): void {
  const address = args.filter((arg) => /^[\w.-]+:\d+$/.test(arg)).at(-1);
  if (watching || address === undefined) {
    return;
  }
  watching = true;
  // Nobody reads what we say any more. Without a listener the SDK's own handler of such an error would say so, and fail, for ever.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", end);
  }
  const [host = "", port = ""] = address.split(":");
  let seen = false;
  let missed = 0;
  const look = (): void => {
    const socket = connect({ host, port: Number(port), timeout: PERIOD });
    const answered = (there: boolean): void => {
      socket.destroy();
      seen ||= there;
      missed = there ? 0 : missed + 1;
      if (seen && missed >= ENOUGH) {
        clearInterval(looks);
        end();
      }
    };
    socket.once("connect", () => answered(true));
    socket.once("timeout", () => answered(true));
    socket.once("error", (error: NodeJS.ErrnoException) => answered(error.code !== "ECONNREFUSED"));
  };
  const looks = setInterval(look, PERIOD);
  looks.unref();
  // At once, too: an engine may be gone before a second has passed, and must have been seen to be missed.
  look();
}
