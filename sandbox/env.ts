// The variables of a collaborator's shell: with them the collaborator's own `pulumi up` and the unmodified Azure and
// AWS clients run against the sandbox.
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { devDependencies } from "../package.json";
import { AdminClient } from "./admin";
import type { Services } from "./services";
import { prepareStack } from "./stack";
import { prepareStackFiles } from "./stack-files";
import { collaboration, collaborator, contractId, serviceAudience } from "./world";

/** A working day: nobody wants to sign in again in the middle of it. */
const TOKEN_SECONDS = 8 * 60 * 60;

/**
 * Variables for a sandbox that runs in `dir`; the collaborator's stack and its configuration are there afterwards.
 * @throws when no sandbox runs there, nobody is called `name`, or the stack cannot be created
 */
export async function collaboratorEnv(dir: string, name: string): Promise<Record<string, string>> {
  collaborator(name);
  const admin = await AdminClient.find(dir);
  if (admin === undefined)
    throw new Error(`no sandbox runs in ${dir}: start one with \`npm run sandbox -- --detach --dir ${dir}\``);
  const env = { ...(await admin.env(name)), PATH: searchPath(process.env) };
  await prepareStack(env, name);
  return env;
}

/** What the sandbox's own services and files give; those of clouds and data planes come on top. */
export async function serviceEnv(services: Services, name: string): Promise<Record<string, string>> {
  const { home, signIn, governance, frontendUrl } = services;
  const { tenantId, userOid: oid, upn } = collaborator(name);
  const { state, config } = await prepareStackFiles(home, name);
  return {
    CLEANROOM_FRONTEND_URL: frontendUrl,
    CLEANROOM_GOVERNANCE_URL: governance.url,
    CLEANROOM_COLLABORATION_ID: collaboration.id,
    CLEANROOM_CONTRACT_ID: contractId,
    CLEANROOM_TOKEN: await signIn.issue({ tenantId, oid, upn, audience: serviceAudience, seconds: TOKEN_SECONDS }),
    NODE_EXTRA_CA_CERTS: home.path("ca.pem"),
    IDENTITY_ENDPOINT: signIn.identityEndpoint,
    IDENTITY_HEADER: home.identityHeaders[name] ?? "",
    AZURE_TOKEN_CREDENTIALS: "ManagedIdentityCredential",
    PULUMI_BACKEND_URL: `file://${state}`,
    PULUMI_CONFIG_PASSPHRASE: home.passphrase,
    PULUMI_OPTION_CONFIG_FILE: config,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // As the project's own commands set it: programs start with less work.
    NODE_COMPILE_CACHE: join(__dirname, "..", ".cache", "node"),
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
}

/** This project's tools first, and before npm's stand-in for the CLI the CLI itself. */
export function searchPath(env: Readonly<Record<string, string | undefined>>): string {
  const home = env.PULUMI_HOME ?? join(homedir(), ".pulumi");
  const cli = join(home, "versions", devDependencies.pulumi, "bin");
  const tools = join(__dirname, "..", "node_modules", ".bin");
  const given = (env.PATH ?? "").split(delimiter);
  // Whoever starts us through npm's scripts has the CLI found and put there already.
  const found = given.slice(0, given.indexOf(tools)).some((folder) => existsSync(join(folder, "pulumi")));
  const first = !found && existsSync(join(cli, "pulumi")) ? [cli] : [];
  return [...new Set(found ? given : [...first, tools, ...given])].join(delimiter);
}
