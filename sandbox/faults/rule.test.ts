// A rule that cannot be is refused with what is wrong and what would be right.
import { FaultRuleError, parseRule } from ".";

test.each([
  [{ kind: "refuse" }],
  [
    {
      kind: "503",
      service: "frontend",
      method: "GET",
      path: "/x",
      nth: 1,
      times: 2,
      retryAfterSeconds: 0,
      asDate: true,
    },
  ],
  [{ kind: "delay", milliseconds: 1 }],
  [{ kind: "answer", answer: { status: 404 } }],
  [{ kind: "mutate", seed: 5, chance: 0.5 }],
  [{ kind: "die-before-write", change: "proposal" }],
])("%j can be", (rule) => {
  expect(parseRule(rule)).toEqual(rule);
});

test.each([
  [undefined, "A fault is an object"],
  [[], "A fault is an object"],
  [{ kind: "explode" }, 'There is no fault of kind "explode": use one of 429, 503, answer,'],
  [{ kind: "toString" }, "There is no fault of kind"],
  [{ kind: "refuse", nth: 0 }, "nth is 0: a whole number from 1 is expected."],
  [{ kind: "refuse", times: 1.5 }, "times is 1.5: a whole number from 1 is expected."],
  [{ kind: "refuse", chance: 2 }, "chance is 2: a number from 0 to 1 is expected."],
  [{ kind: "refuse", path: "" }, 'path is "": a text is expected.'],
  [{ kind: "refuse", change: "proposal" }, "A fault of kind refuse has no change: it takes nth, times,"],
  [{ kind: "die-after-write", path: "/x" }, "A fault of kind die-after-write has no path"],
  [{ kind: "delay" }, "A fault of kind delay needs milliseconds."],
  [{ kind: "delay", milliseconds: 2 ** 31 }, "a whole number from 1 to 2147483647 is expected."],
  [{ kind: "answer" }, "A fault of kind answer needs answer."],
  [{ kind: "answer", answer: { status: 99 } }, "its status must be a whole number from 200 to 599"],
  [{ kind: "answer", answer: { status: 200, body: {} } }, "it has no body; it takes status, text, contentType"],
])("fails on %j", (rule, message) => {
  expect(() => parseRule(rule)).toThrow(FaultRuleError);
  expect(() => parseRule(rule)).toThrow(message);
});
