// Writes of every kind to governance, one after the other, with what it acknowledged; and whether all of that is there.
import { Agent, request } from "node:https";
import type { Services } from "../../sandbox/services";
import { cleanRoomHostData, collaborator, collaborators } from "../../sandbox/world";

const owner = collaborator("litware").userOid;
const approvers = [{ approverId: owner, approverIdType: "user" }];

export interface Address {
  readonly url: string;
  readonly token: string;
}

/** A write that governance said is done: what it was, and of which document or secret. */
export interface Acknowledged {
  readonly what: "document" | "proposal" | "ballot" | "consent" | "secret";
  readonly id: string;
}

export const DOCUMENTS = ["first", "second"] as const;

/** Writes until all is done or governance is gone; answers what was acknowledged until then. */
export async function work({ url, token }: Address, ca: string): Promise<readonly Acknowledged[]> {
  const done: Acknowledged[] = [];
  const agent = new Agent({ keepAlive: true, ca });
  const send = (method: string, path: string, body?: unknown): Promise<Record<string, string>> =>
    new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
      const sent = request(`${url}${path}`, { method, agent, headers }, (response) => {
        let text = "";
        response.on("data", (chunk: Buffer) => (text += chunk.toString()));
        response.on("error", reject);
        response.on("end", () => {
          if (response.statusCode === 200) resolve(JSON.parse(text === "" ? "{}" : text) as Record<string, string>);
          else reject(new TypeError(`${method} ${path} answered ${response.statusCode}: ${text}`));
        });
      });
      sent.on("error", reject);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  try {
    for (const id of DOCUMENTS) {
      const path = `/userdocuments/${id}`;
      await send("PUT", path, { contractId: "analytics", data: `data of ${id}`, labels: {}, approvers });
      done.push({ what: "document", id });
      const { version } = await send("GET", path);
      const { proposalId } = await send("POST", `${path}/propose`, { version });
      done.push({ what: "proposal", id });
      await send("POST", `${path}/vote_accept`, { proposalId });
      done.push({ what: "ballot", id });
      await send("POST", `${path}/runtimeoptions/execution/disable`);
      done.push({ what: "consent", id });
      await send("PUT", `/contracts/analytics/secrets/${id}`, { value: `secret of ${id}` });
      done.push({ what: "secret", id });
    }
  } catch (error) {
    // A connection that ends is what is waited for; a refusal is not.
    if (error instanceof TypeError) throw error;
  } finally {
    agent.destroy();
  }
  return done;
}

/** Of what was acknowledged, what is not there. */
export function missing({ governance }: Services, acknowledged: readonly Acknowledged[]): readonly Acknowledged[] {
  return acknowledged.filter(({ what, id }) => {
    const document = governance.getDocument(id);
    switch (what) {
      case "document":
        return document?.data !== `data of ${id}`;
      case "proposal":
        return document?.proposerId !== owner;
      case "ballot":
        return document?.state !== "Accepted";
      case "consent":
        return governance.consent(id, "execution").status !== "disabled";
      case "secret":
        return governance.readSecretAsCleanRoom(`${owner}_${id}`, cleanRoomHostData) !== `secret of ${id}`;
    }
  });
}

/** Whether everybody is there who is before the first write. */
export const isBegun = ({ governance }: Services): boolean =>
  governance.cleanRoomPolicy().length === 1 && collaborators.every(({ upn }) => governance.member(upn) !== undefined);
