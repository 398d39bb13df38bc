// What a program asks of the clean room: by its collaboration's own configuration, live in preview too, and with errors
// that are shown once.
import * as pulumi from "@pulumi/pulumi";
import { getAuditEvents, getDatasets, getPendingProposals, getQueries } from "../../components";
import type { Sources } from "../../provider";
import { run, valueOf } from "../helpers/mocks";

const asked: unknown[] = [];
let answer: (kind: string) => Promise<unknown>;

jest.mock("../../components/provider", () => ({
  loadProvider: () => ({
    sources: (namespace: string, config: (key: string) => string | undefined) => {
      const kind = (name: string) => (filter: unknown) => {
        asked.push([name, namespace, config(`${namespace}:governanceUrl`), filter]);
        return answer(name);
      };
      const kinds = ["datasets", "queries", "pendingProposals", "auditEvents"];
      return Object.fromEntries(kinds.map((name) => [name, kind(name)])) as unknown as Sources;
    },
  }),
}));

beforeEach(() => {
  asked.length = 0;
  answer = (kind) => Promise.resolve([{ documentId: kind, problem: "unreadable" }]);
});

const lists: readonly (readonly [string, (options: object) => pulumi.Output<unknown>])[] = [
  ["datasets", getDatasets],
  ["queries", getQueries],
  ["pendingProposals", getPendingProposals],
  ["auditEvents", getAuditEvents],
];

test.each(lists)("the list of %s is known in preview, with what is wrong in it", async (kind, list) => {
  let output: pulumi.Output<unknown> | undefined;
  await run(
    () => {
      output = list({});
    },
    { preview: true },
  );
  expect(await valueOf(output!)).toEqual({
    value: [{ documentId: kind, problem: "unreadable" }],
    known: true,
    secret: false,
  });
});

test.each(lists)("the list of %s is asked of the collaboration that is named, with the filter", async (kind, list) => {
  await run(() => {
    pulumi.runtime.setAllConfig({ "partners:governanceUrl": "https://partners.example" });
    list({ collaboration: "partners", whose: "mine", limit: 3 });
  });
  pulumi.runtime.setAllConfig({});
  const filter = expect.objectContaining({ whose: "mine", limit: 3 }) as unknown;
  expect(asked).toEqual([[kind, "partners", "https://partners.example", filter]]);
});

test.each(lists)("fails where the list of %s can't be had, by the message alone", async (_kind, list) => {
  answer = () => Promise.reject(new Error("governance refused the caller"));
  const failure: unknown = await run(() => list({})).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(pulumi.RunError);
  expect(failure).toMatchObject({ message: "governance refused the caller" });
});
