// A client of ours against a service that answers as a test says: what it sends, and how a call ends.
import { CleanRoomError } from "../../provider/errors";
import { HttpClient, type Answer, type Call, type TokenSource } from "../../provider/http/client";
import { answering, type Answering, type Behaviour } from "./answering";

export interface Asking {
  readonly client: HttpClient;
  readonly service: Answering;
  /** A GET of one document, unless the change says otherwise. */
  send(change?: Partial<Call>): Promise<Answer>;
  /** The error of a call that must fail with one of ours. */
  failure(change?: Partial<Call>): Promise<CleanRoomError>;
  end(): Promise<void>;
}

export const TOKEN = "header.cGF5bG9hZA.canary-signature";

export async function asking(
  behave: Behaviour,
  token: TokenSource = () => Promise.resolve(TOKEN),
  readPatience?: number,
): Promise<Asking> {
  const service = await answering(behave);
  const client = new HttpClient(token, { readPatience });
  const send: Asking["send"] = (change = {}) =>
    client.send({
      method: "GET",
      url: `${service.url}/documents/x?secret=canary`,
      step: "read document 'x'",
      deadline: 5_000,
      ...change,
    });
  return {
    client,
    service,
    send,
    failure: async (change) => {
      const outcome = await send(change).then(
        (answer) => new Error(`it was answered ${answer.status}`),
        (error: unknown) => error,
      );
      if (!(outcome instanceof CleanRoomError)) {
        throw outcome;
      }
      return outcome;
    },
    end: async () => {
      await service.close();
      await client.close();
    },
  };
}
