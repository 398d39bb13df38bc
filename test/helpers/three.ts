// The three collaborators of a query over two owners' data: Contosso and Litware own, Fabrikam asks.
import type { QueryContent } from "../../provider/model/query";
import { sources, type ReviewableQuery } from "../../provider";
import type { Person } from "../../sandbox/testing";
import { trust, type TestRoom } from "./clean-room";
import { azureDataset } from "./inputs";
import type { Created, Kind, Properties } from "./provider-process";

export interface Three {
  /** Document ids of accepted datasets, by name. */
  readonly datasets: Readonly<Record<"sales" | "members" | "results" | "own", string>>;
  kind(who: Person, name: string): Kind;
  /** Inputs of a query over Contosso's sales and Litware's members; `change` replaces whole inputs. */
  query(documentId: string, change?: Properties): Properties;
  /** A draft of Fabrikam's. */
  draft(documentId: string, change?: Properties): Promise<Created & { inputs: Properties }>;
  /** What a reviewer sees now. */
  review(who: Person, documentId: string): Promise<ReviewableQuery | undefined>;
  /** A draft and its proposal by Fabrikam, with the digest that was proposed. */
  proposed(documentId: string): Promise<{ draft: Created; proposal: Created; digest: string }>;
}

export async function three(room: TestRoom): Promise<Three> {
  trust(room);
  const processes = {
    contosso: await room.provider("contosso"),
    litware: await room.provider("litware"),
    fabrikam: await room.provider("fabrikam"),
  };
  const kind = (who: Person, name: string): Kind => processes[who].kind(name);
  const publish = async (who: Person, name: string, accessMode = "read"): Promise<string> => {
    const datasetAccessPolicy = { accessMode, allowedFields: ["region", "amount"] };
    return (await kind(who, "DatasetDocument").create(azureDataset(name, { datasetAccessPolicy }))).id;
  };
  const datasets = {
    sales: await publish("contosso", "contosso-sales"),
    members: await publish("litware", "litware-members"),
    results: await publish("litware", "litware-results", "write"),
    own: await publish("fabrikam", "fabrikam-tiers"),
  };
  const query = (documentId: string, change: Properties = {}): Properties => ({
    documentId,
    segments: [
      { sequence: 1, sql: "CREATE VIEW big AS SELECT * FROM sales", preConditions: { sales: 100 } },
      { sequence: 2, sql: "SELECT region, SUM(amount) AS total FROM big GROUP BY region", postFilters: { total: 25 } },
    ],
    inputs: [
      { documentId: datasets.sales, view: "sales" },
      { documentId: datasets.members, view: "members" },
    ],
    output: { documentId: datasets.results, view: "results" },
    ...change,
  });
  const draft: Three["draft"] = async (documentId, change) => {
    const inputs = query(documentId, change);
    return { ...(await kind("fabrikam", "QueryDraft").create(inputs)), inputs };
  };
  return {
    datasets,
    kind,
    query,
    draft,
    review: async (who, documentId) => {
      const config = await room.config(who);
      return sources("cleanroom", (key) => config[key], {}).query(documentId);
    },
    proposed: async (documentId) => {
      const made = await draft(documentId);
      const digest = made.state.digest as string;
      const proposal = await kind("fabrikam", "QueryProposal").create({ documentId, digest });
      return { draft: made, proposal, digest };
    },
  };
}

export const textOf = (query: Properties): QueryContent => query as unknown as QueryContent;
