// Several clean rooms on one identity that exists: written one at a time, whoever else writes; equal ones are adopted;
// never more than Azure takes.
import { join } from "node:path";
import { Agent, request } from "undici";
import type { Deployed } from "../../sandbox/clouds/testing";
import { TestAzure, types } from "../../sandbox/clouds/testing/azure";
import { collaborator } from "../../sandbox/world";
import { startProgramStack, type ProgramStack } from "../helpers/stack-program";

const LONG = 3 * 60_000;
const CREDENTIAL = "azure-native:managedidentity:FederatedIdentityCredential";

let stack: ProgramStack;
let azure: TestAzure;

beforeAll(async () => {
  stack = await startProgramStack(join(__dirname, "program"), "contosso");
  azure = new TestAzure(stack.provider("azure-native"));
  const group = await azure.group("shared", { resourceGroupName: "shared" });
  await azure.identity(group, "shared", { resourceName: "shared" });
}, LONG);
afterAll(() => stack.end());

/** A credential that somebody made elsewhere. */
const byHand = (name: string, subject: string): Promise<Deployed> =>
  azure.provider.create(types.credential, name, {
    resourceGroupName: "shared",
    resourceName: "shared",
    issuer: stack.sandbox.services.governance.tenantIssuer(collaborator("contosso").tenantId),
    subject,
    audiences: ["api://AzureADTokenExchange"],
  });

const ofStaging = `staging-${collaborator("contosso").userOid}`;

test(
  "credentials of two components on one identity are all written, though Azure takes one write at a time",
  async () => {
    const { steps } = await stack.preview("several");
    expect(steps.filter((step) => step.includes(CREDENTIAL)).sort()).toEqual([
      `create ${CREDENTIAL} first-credential`,
      `create ${CREDENTIAL} first-staging-credential`,
      `create ${CREDENTIAL} second-credential`,
    ]);
    await stack.up("several");
    expect((await stack.preview("several")).steps).toEqual([]);
    await stack.up("nothing");
  },
  LONG,
);

test(
  "a credential that is there under another name is taken as it is, and stays when the program ends",
  async () => {
    const made = await byHand("by-hand", ofStaging);
    await stack.up("several");
    expect(await names()).toEqual(["by-hand", "first-cleanroom", "second-cleanroom"]);
    expect((await stack.preview("several")).steps).toEqual([]);
    await stack.run("several", ["destroy", "--yes", "--skip-preview"]);
    expect(await names()).toEqual(["by-hand"]);
    await azure.provider.delete(made);
  },
  LONG,
);

test(
  "fails before anything is written where more than 20 would be there",
  async () => {
    const made: Deployed[] = [];
    for (let index = 0; index < 18; index += 1) made.push(await byHand(`other-${index}`, `subject-${index}`));
    await expect(stack.preview("several")).rejects.toThrow(
      /has 18 federated credentials, and 3 more would be made: Azure takes 20/,
    );
    expect(await names()).toHaveLength(18);
  },
  LONG,
);

/** Of the credentials on the identity, as Azure lists them. */
async function names(): Promise<readonly string[]> {
  const { signIn, tls } = stack.sandbox.services;
  const { tenantId, userOid: oid, subscriptionId } = collaborator("contosso");
  const agent = new Agent({ connect: { ca: tls.ca } });
  const token = await signIn.issue({ tenantId, oid, audience: "https://management.azure.com" });
  const found: string[] = [];
  let url: string | undefined =
    `${stack.sandbox.addresses["resource manager"]}/subscriptions/${subscriptionId}/resourceGroups/shared/providers/Microsoft.ManagedIdentity/userAssignedIdentities/shared/federatedIdentityCredentials?api-version=2023-01-31`;
  while (url !== undefined) {
    const { body } = await request(url, { dispatcher: agent, headers: { authorization: `Bearer ${token}` } });
    const page = (await body.json()) as { value: { name: string }[]; nextLink?: string };
    found.push(...page.value.map(({ name }) => name));
    url = page.nextLink;
  }
  await agent.close();
  return found.sort();
}
