// Everything that is asked without a resource.
import type { Sources } from "../../../provider";
import type { Operation } from "./worker";
import { draft, used } from "./queries";

export const questions: readonly Operation[] = [
  ["the clean room's details", (of: Sources) => of.cleanRoomDetails(), "clean room"],
  ["a dataset", (of: Sources, name: string) => of.dataset(name), undefined],
  ["datasets", (of: Sources, name: string) => of.datasets({ namePrefix: name }), "list"],
  ["queries", (of: Sources, _name: string, query: string) => of.queries({ namePrefix: query }), "list"],
  [
    "pending proposals",
    (of: Sources, _name: string, query: string) => of.pendingProposals({ namePrefix: query }),
    "list",
  ],
  ["audit events", (of: Sources) => of.auditEvents({ limit: 5 }), "audit events"],
  ["a query", (of: Sources, _name: string, query: string) => of.query(query), undefined],
].map(([what, ask, names]) => ({
  name: `ask for ${what as string}`,
  prepare: async (worker) => {
    const { sales } = await used(worker);
    const { id } = await worker.once("asked draft", () => draft(worker));
    const question = ask as (of: Sources, name: string, query: string) => Promise<unknown>;
    return {
      names: (names as string | undefined) ?? (what === "a query" ? id : sales),
      run: () => question(worker.sources("fabrikam"), sales, id),
      holds: () => Promise.resolve(),
    };
  },
}));
