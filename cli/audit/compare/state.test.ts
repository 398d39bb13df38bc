// What an audit finds in a state by itself.
import { stateOf } from "../../shared/stack";
import { all, brief, exported, found, resources, state } from "../testing";
import { stateFindings } from "./state";

describe("what is not done", () => {
  const since = "2026-06-30T12:00:00.000Z";

  const { urn } = resources.dataset as { urn: string };
  const vault = "urn:pulumi:dev::cleanroom::azure-native:keyvault:Vault::vault";

  test.each([
    [
      "creating",
      urn,
      "pulumi up --stack dev finds what was made and goes on, then pulumi refresh --stack dev --clear-pending-creates",
    ],
    ["creating", vault, "look whether the cloud has it: pulumi refresh --stack dev asks for its id"],
    ["updating", urn, "pulumi refresh --stack dev, then pulumi up --stack dev"],
  ])("is an operation of which the state knows the beginning alone: %s %s", (type, of, mend) => {
    const [finding, ...more] = stateFindings(state(all, [{ resource: { urn: of }, type }]));
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ kind: "pending", resource: of, document: null });
    expect(finding?.found).toContain(`it was being ${type.replace("ing", "ed")} when a run was interrupted`);
    expect(finding?.mend).toContain("if no run is going on (pulumi cancel --stack dev frees a lock that one left): ");
    expect(finding?.mend).toContain(mend);
  });

  test("is what waits, with for what and since when", () => {
    const waits = { documentId: "q", status: "waiting", reason: "the votes of other are awaited", since };
    expect(brief(stateFindings(state([exported("QueryProposal", "q-proposal", waits)])))).toEqual([
      `waiting q: the votes of other are awaited, since ${since}`,
    ]);
  });

  test("is what may be there, and is not called lost", () => {
    const broken = exported("DatasetDocument", "sales-9", { status: "unconfirmed", reason: "cut off", since });
    expect(brief(stateFindings(state([broken])))).toEqual([
      `unconfirmed sales-9: its creation or update broke off: cut off, since ${since}`,
    ]);
    expect(found([broken], { datasets: [], queries: [], secretIds: [] })).toEqual([]);
  });

  test("is what is still to be deleted, and what the engine calls incomplete", () => {
    const old = exported("DatasetDocument", "old", { documentId: "old" }, { delete: true });
    const cloud = { urn: "urn:pulumi:dev::p::azure:x::y", type: "azure:x", id: "y", initErrors: ["not ready"] };
    expect(brief(stateFindings(state([old, cloud])))).toEqual([
      "pending old: it was replaced, and is still to be deleted",
      "unconfirmed -: its creation or update broke off: not ready",
    ]);
    expect(found([old], { datasets: [], queries: [], secretIds: [] })).toEqual([]);
  });
});

test("fails for a state of a version that this release does not know", () => {
  expect(() => stateOf("dev", { version: 4, deployment: {} })).toThrow("The state of stack 'dev' is of version 4");
});
