// Tokens are fetched within the deadline, and renewed once for all who were refused together.
import { asking, TOKEN, type Asking } from "../../test/helpers/asking";
import { json, type Behaviour } from "../../test/helpers/answering";
import { InvalidInputError, UnreachableError } from "../errors";
import type { TokenSource } from "./client";

let room: Asking;
afterEach(() => room.end());

/** Answers whoever bears this token. */
const only =
  (token: () => string): Behaviour =>
  (response, _count, { headers }) =>
    json(response, headers.authorization === `Bearer ${token()}` ? 200 : 401, {
      error: { code: "Unauthorized", message: "expired" },
    });

test("requests that are refused together are sent again with one fresh token", async () => {
  let fetched = 0;
  let valid = "first-token";
  const source: TokenSource = async (fresh) => {
    fetched += fresh ? 1 : 0;
    await new Promise((resolve) => setTimeout(resolve, 20));
    return fresh ? valid : "first-token";
  };
  room = await asking(
    only(() => valid),
    source,
  );
  await room.send();
  valid = "second-token";
  const answers = await Promise.all(Array.from({ length: 40 }, () => room.send({ method: "POST" })));
  expect(answers.every(({ status }) => status === 200)).toBe(true);
  expect(fetched).toBe(1);
});

test("fails once for each when the fresh token is refused, too, and asks for no more of them", async () => {
  let fetched = 0;
  room = await asking(
    only(() => "never"),
    (fresh) => Promise.resolve(`token-${(fetched += fresh ? 1 : 0)}`),
  );
  const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => room.send()));
  expect(outcomes.map(({ status }) => status)).toEqual(Array(5).fill("rejected"));
  expect(room.service.asked).toHaveLength(10);
  expect(fetched).toBeLessThanOrEqual(2);
});

test("fails within the deadline when no token comes, and has sent nothing", async () => {
  room = await asking(
    () => undefined,
    () => new Promise(() => undefined),
  );
  const before = Date.now();
  const error = await room.failure({ deadline: 200 });
  expect(error).toBeInstanceOf(UnreachableError);
  expect(error.message).toBe(
    `read document 'x': GET ${room.service.url}/documents/x: no token within the deadline (0.2 s), so nothing was sent. ` +
      "The sign-in does not answer: check `az login`, the pipeline's identity, or set cleanroom:token (or CLEANROOM_TOKEN).",
  );
  expect(Date.now() - before).toBeLessThan(1_500);
  expect(room.service.asked).toEqual([]);
});

test("fails within the deadline when the fresh token does not come", async () => {
  room = await asking(
    only(() => "never"),
    (fresh) => (fresh ? new Promise(() => undefined) : Promise.resolve(TOKEN)),
  );
  expect((await room.failure({ deadline: 300 })).message).toContain("no token within the deadline (0.3 s)");
});

test("fails with the step when the sign-in itself fails", async () => {
  room = await asking(
    () => undefined,
    () => Promise.reject(new TypeError("no network")),
  );
  const error = await room.failure();
  expect(error).toBeInstanceOf(InvalidInputError);
  expect(error.message).toBe("read document 'x': no token to sign in with: no network");
});
