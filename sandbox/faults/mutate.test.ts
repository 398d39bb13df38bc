// Mutated answers are the same for the same draws, and each kind of mutation is really another answer.
import fc from "fast-check";
import { type Answer, textOf } from "../http";
import { drawsOf, mutate, MUTATIONS } from ".";

const good: Answer = { status: 200, body: { id: "a", version: "2.4", approvers: [{ approverId: "b" }], labels: {} } };
const earlier: Answer = { status: 200, body: { id: "b" } };
const wire = (answer: Answer): string => JSON.stringify([answer.status, answer.contentType, textOf(answer)]);

test("the same draws make the same answer", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0 }), (seed) => {
      expect(mutate(good, drawsOf(seed), earlier)).toEqual(mutate(good, drawsOf(seed), earlier));
    }),
  );
});

test("every kind of mutation is met, and differs from the real answer", () => {
  const met = new Set<string>();
  for (let seed = 0; seed < 400; seed += 1) {
    const { name, answer } = mutate(good, drawsOf(seed), earlier);
    met.add(name);
    if (name !== "another status" && name !== "wrong type") expect(wire(answer)).not.toBe(wire(good));
  }
  expect([...met].sort()).toEqual(MUTATIONS.map(({ name }) => name).sort());
});

test("an answer without a body becomes something that it can become", () => {
  for (let seed = 0; seed < 50; seed += 1) {
    expect(["HTML", "another status", "empty"]).toContain(mutate({ status: 204 }, drawsOf(seed), undefined).name);
  }
});
