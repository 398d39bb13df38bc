// The issuer of the clean room's tokens for one tenant: its documents, where we host them, and its URL in governance. Any
// user of the tenant may overwrite that URL, and governance may rotate its keys: both are looked at on every preview.
import { InvalidInputError } from "../errors";
import type { Handler } from "../handler";
import { say } from "../log";
import { kidsOf, sameKeys, type SigningKey } from "../model/issuer";
import { isKnown } from "../model/unknown";
import { since, type Progress, type Status } from "../progress";
import type { CleanRoom } from "../services/clean-room";
import { writeIssuer } from "../services/issuer-blobs";
import { readIssuer } from "../services/public-issuer";

export interface TenantIssuerInputs {
  readonly collaboration?: string;
  /** Without '/' at its end. */
  readonly issuerUrl: string;
  /** Governance's, read live by the program. */
  readonly keys: readonly SigningKey[];
  /** Of the container that we write the documents to; left out where somebody else serves them. */
  readonly containerUrl?: string;
  readonly onDelete?: "restore" | "leave";
}

interface Observed extends Progress {
  /** The tenant's issuer as governance has it; empty while it has none of its own. */
  readonly registeredUrl: string;
  /** Ids of the keys that are served. */
  readonly keyIds: readonly string[];
}

export const tenantIssuer: Handler<TenantIssuerInputs, Observed> = {
  inputs: ["collaboration", "issuerUrl", "keys", "containerUrl", "onDelete"],
  replaceOn: ["collaboration"],

  idOf: async (room) => `${(await room.caller()).tid}-issuer`,

  isSameObject: () => true,

  check({ issuerUrl, keys }) {
    const problems: string[] = [];
    if (isKnown(issuerUrl) && !/^https:\/\/[^/?#\s]+(\/[^?#\s]*[^/?#\s])?$/.test(issuerUrl)) {
      problems.push(
        `issuerUrl is '${issuerUrl}': Microsoft Entra compares it letter by letter, so write an https address without '/' at its end, query or fragment.`,
      );
    }
    if (isKnown(keys) && keys.length === 0) {
      problems.push("keys is empty: nothing could verify a token. Take them from getIssuerKeys().");
    }
    return problems;
  },

  async isPending(room, _id, state) {
    const { status, reason } = await look(room, state);
    if (status !== "ready") {
      say(`Issuer '${state.issuerUrl}': ${reason}.`);
    }
    return status !== "ready" || state.status !== "ready";
  },

  async create(room, news) {
    return { id: await tenantIssuer.idOf(room, news), state: await establish(room, news) };
  },

  update: (room, _id, state, news) => establish(room, news, state),

  async read(room, _id, state) {
    return since(await look(room, state), state);
  },

  async delete(room, _id, { issuerUrl, onDelete = "restore" }) {
    const { tenantIssuerUrl, contractIssuerUrl } = await room.frontend.issuerInfo();
    if (tenantIssuerUrl !== issuerUrl) {
      say(`The tenant's issuer in governance is '${tenantIssuerUrl ?? ""}', not ours any more, and is left as it is.`);
      return;
    }
    if (onDelete === "restore" && contractIssuerUrl !== undefined) {
      await room.frontend.setIssuerUrl(contractIssuerUrl);
      say(`The tenant's issuer in governance is '${contractIssuerUrl}' again, which is everybody's.`);
      return;
    }
    say(
      `The tenant's issuer in governance stays '${issuerUrl}': nothing takes it away. No clean room can sign in by it once its documents are gone; whoever hosts that address next could. Remove the federated credentials that trust it.`,
    );
  },
};

async function establish(
  room: CleanRoom,
  news: TenantIssuerInputs,
  before?: TenantIssuerInputs & Observed,
): Promise<Observed> {
  const { issuerUrl, keys, containerUrl } = news;
  const live = await room.frontend.issuerKeys();
  if (!sameKeys(live, keys)) {
    throw new InvalidInputError(
      `Issuer '${issuerUrl}': the keys to be published (${kidsOf(keys)}) are not governance's (${kidsOf(live)}). They were rotated since the program read them: run \`pulumi up\` again.`,
    );
  }
  if (containerUrl !== undefined && (await documentsProblem(issuerUrl, keys)) !== undefined) {
    await writeIssuer(containerUrl, issuerUrl, keys);
  }
  // An address that serves nothing is told to nobody.
  const problem = await documentsProblem(issuerUrl, keys);
  if (problem === undefined && (await room.frontend.issuerInfo()).tenantIssuerUrl !== issuerUrl) {
    await room.frontend.setIssuerUrl(issuerUrl);
  }
  return since(await look(room, news), before);
}

async function look(
  room: CleanRoom,
  { issuerUrl, keys }: TenantIssuerInputs,
): Promise<Status & Omit<Observed, "since">> {
  const [served, { tenantIssuerUrl: registeredUrl = "" }] = await Promise.all([
    documentsProblem(issuerUrl, keys),
    room.frontend.issuerInfo(),
  ]);
  const registered =
    registeredUrl === issuerUrl
      ? undefined
      : `governance has ${registeredUrl === "" ? "no issuer of the tenant's own" : `the issuer '${registeredUrl}'`}; any user of the tenant may set it`;
  const reason = [served, registered].filter((each) => each !== undefined).join("; ");
  return {
    status: reason === "" ? "ready" : "waiting",
    reason,
    registeredUrl,
    keyIds: keys.map(({ kid }) => kid),
  };
}

/** What is wrong with what everybody sees, or undefined. */
async function documentsProblem(issuerUrl: string, keys: readonly SigningKey[]): Promise<string | undefined> {
  const served = await readIssuer(issuerUrl);
  if (served.problem !== undefined) {
    return served.problem;
  }
  return sameKeys(served.keys, keys)
    ? undefined
    : `the keys that are served (${kidsOf(served.keys)}) are not governance's (${kidsOf(keys)})`;
}
