// For the tests of data planes and reader: the sandbox's real sign-in and TLS around clouds that a test writes down.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tls from "node:tls";
import type { AccessToken, TokenCredential } from "@azure/core-auth";
import type { GovernanceService, SandboxContext } from "../../context";
import { Home } from "../../home";
import { startSignIn } from "../../signin";
import { openTls } from "../../tls";
import { collaborator, world } from "../../world";

export interface TestContext extends SandboxContext {
  /** Signs in at the sandbox as `oid` of Contosso's tenant, for whatever resource a client asks for. */
  credential(oid: string, tenantId?: string): TokenCredential;
  close(): Promise<void>;
}

/** A context in a folder of its own. Node's own trust is widened by the folder's authority, as NODE_EXTRA_CA_CERTS does. */
export async function testContext(governance?: GovernanceService, clock = () => new Date()): Promise<TestContext> {
  const dir = await mkdtemp(join(tmpdir(), "dataplanes-"));
  const home = await Home.open(dir);
  const ownTls = await openTls(dir);
  tls.setDefaultCACertificates([...tls.getCACertificates("default"), ownTls.ca]);
  const log = (): void => undefined;
  const signIn = await startSignIn({ home, tls: ownTls, clock, log });
  const credential = (oid: string, tenantId = collaborator("contosso").tenantId): TokenCredential => ({
    getToken: async (scopes): Promise<AccessToken> => {
      const audience = String([scopes].flat()[0]).replace(/\/\.default$/, "");
      return { token: await signIn.issue({ tenantId, oid, audience }), expiresOnTimestamp: Date.now() + 3_600_000 };
    },
  });
  return {
    dir,
    world,
    tls: ownTls,
    ports: home,
    signIn,
    governance: governance ?? noGovernance,
    clock,
    log,
    credential,
    close: async () => {
      await signIn.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

const absent = (): never => {
  throw new Error("this test has no governance");
};
const noGovernance: GovernanceService = {
  getDocument: absent,
  cleanRoomPolicy: absent,
  consent: absent,
  readSecretAsCleanRoom: absent,
  tenantIssuer: absent,
  issueCleanRoomToken: absent,
};
