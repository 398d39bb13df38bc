// The token of a client: fetched within the call's deadline, renewed once for all requests that were refused with it,
// and never said.
import { CleanRoomError, InvalidInputError, messageOf, UnreachableError, type RequestPlace } from "../errors";
import { debug } from "../log";
import { knowSecret } from "../redaction";
import { inTime, type Deadline } from "./deadline";

/** Gives the bearer token for a request; `fresh` asks for one that was not used before. */
export type TokenSource = (fresh: boolean) => Promise<string>;

export class Bearer {
  #latest: string | undefined;
  #renewal: Promise<string> | undefined;

  constructor(private readonly source: TokenSource) {}

  /** The token to use now. */
  async token(place: RequestPlace, deadline: Deadline): Promise<string> {
    this.#latest = await this.#ask(this.#renewal ?? this.source(false), place, deadline);
    return this.#latest;
  }

  /** Another token than the refused one, or undefined when there is no other. However many ask, one is fetched. */
  async renewed(refused: string, place: RequestPlace, deadline: Deadline): Promise<string | undefined> {
    if (this.#latest === undefined || this.#latest === refused) {
      this.#renewal ??= this.source(true).finally(() => (this.#renewal = undefined));
      debug(`${place.step}: 401, asking for a fresh token`);
      this.#latest = await this.#ask(this.#renewal, place, deadline);
    }
    return this.#latest === refused ? undefined : this.#latest;
  }

  async #ask(work: Promise<string>, place: RequestPlace, deadline: Deadline): Promise<string> {
    let answer: Awaited<ReturnType<typeof inTime<string>>>;
    try {
      answer = await inTime(work, deadline);
    } catch (error) {
      throw error instanceof CleanRoomError
        ? error
        : new InvalidInputError(`${place.step}: no token to sign in with: ${messageOf(error)}`, { cause: error });
    }
    if (answer === undefined) {
      throw new UnreachableError(
        place,
        `no token within ${deadline.words}, so nothing was sent. The sign-in does not answer: check \`az login\`, the pipeline's identity, or set cleanroom:token (or CLEANROOM_TOKEN).`,
      );
    }
    knowSecret(answer.value);
    return answer.value;
  }
}
