// The sandbox: a clean room's services, clouds and data planes in one process, with its state in one folder.
import { AdminClient, type AdminFace, type ReadOptions, type ReadResult, startAdmin } from "./admin";
import { searchPath, serviceEnv } from "./env";
import type { Faults } from "./faults";
import { readIfThere } from "./files";
import { Home } from "./home";
import { startParts } from "./parts";
import { type Services, type ServicesOptions, startServices } from "./services";
import { openTls } from "./tls";
import { contractId } from "./world";

export { AdminClient, type AdminFace, type ReadOptions, type ReadResult } from "./admin";
export { collaboratorEnv } from "./env";
export { Faults, type FaultRule, FaultRuleError, type FaultStatus } from "./faults";
export type { Call, Gate } from "./http";
export { collaboration, type Collaborator, collaborator, collaborators, contractId, cleanRoomHostData } from "./world";

export interface SandboxOptions extends Omit<ServicesOptions, "home"> {
  /** Folder of all state; made when it is not there. */
  readonly dir: string;
}

export interface Sandbox {
  readonly dir: string;
  /** URL by service. */
  readonly addresses: Readonly<Record<string, string>>;
  readonly services: Services;
  readonly admin: AdminFace;
  /** Variables of a collaborator's shell, PATH included; `collaboratorEnv` creates the stack as well. */
  env(name: string): Promise<Record<string, string>>;
  /** Plays the attested clean room for one dataset. */
  read(documentId: string, options?: ReadOptions): Promise<ReadResult>;
  /** The fault switch. */
  readonly faults: Faults;
  close(): Promise<void>;
}

/** The folder is another sandbox's, which runs. */
export class AlreadyRunning extends Error {
  constructor(readonly running: AdminClient) {
    super(`the sandbox is already running (process ${running.status().pid})`);
  }
}

/** @throws AlreadyRunning */
export async function startSandbox({ dir, ...options }: SandboxOptions): Promise<Sandbox> {
  const home = await Home.open(dir);
  const tls = await openTls(home.dir);
  let face: AdminFace | undefined;
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const each of closers.splice(0).reverse()) await each();
  };
  try {
    const admin = await startAdmin(home, tls, () => face, options.log ?? (() => undefined));
    closers.push(() => admin.close());
    const services = await startServices({ ...options, home, tls });
    closers.push(() => services.close());
    let env: AdminFace["env"] = (name) => serviceEnv(services, name);
    const shell = async (name: string): Promise<Record<string, string>> => ({
      ...(await env(name)),
      PATH: searchPath(process.env),
    });
    const parts = await startParts(services.context, shell);
    closers.push(() => parts.close());
    env = async (name) => ({ ...(await serviceEnv(services, name)), ...parts.env(name) });
    const addresses = {
      frontend: services.frontendUrl,
      governance: services.governance.url,
      "sign-in": services.signIn.authority,
      "managed identity": services.signIn.identityEndpoint,
      ...parts.addresses,
      admin: `${admin.url}/admin`,
    };
    face = adminFace(services, addresses, env, parts);
    return {
      dir: home.dir,
      addresses,
      services,
      admin: face,
      env: shell,
      read: (documentId, given = {}) => parts.read(documentId, given),
      faults: services.faults,
      close,
    };
  } catch (error) {
    // The control's port is the folder's lock: who holds it is the sandbox that runs here.
    const running = closers.length === 0 ? await AdminClient.find(dir) : undefined;
    await close();
    throw running === undefined ? error : new AlreadyRunning(running);
  }
}

function adminFace(
  { governance, home, faults }: Services,
  addresses: Readonly<Record<string, string>>,
  env: AdminFace["env"],
  { read, giveFabricRight }: Pick<AdminFace, "read" | "giveFabricRight">,
): AdminFace {
  return {
    status: () => ({ pid: process.pid, state: "running", addresses }),
    env,
    read,
    giveFabricRight,
    setPolicy: (hostData) => governance.change({ kind: "policy", contractId, hostData }),
    rotateSigningKey: () => governance.rotateSigningKey(),
    putUser: async (oid, { tenantId, identifier }) => {
      await governance.change({ kind: "user", id: oid, tenantId });
      if (identifier === undefined) return;
      await governance.change({ kind: "member", identifier, status: "Active", isOwner: false });
    },
    removeUser: (oid) => governance.change({ kind: "userRemoved", id: oid }),
    change: (change) => governance.change(change),
    ledger: async () => {
      const text = (await readIfThere(home.path("ledger.jsonl"))) ?? "";
      // What follows the last newline is being written.
      const lines = text.slice(0, text.lastIndexOf("\n") + 1).split("\n");
      return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as unknown);
    },
    // A rule that cannot be is a rejection, as it is of a sandbox elsewhere.
    addFault: (rule) => Promise.resolve().then(() => ({ id: faults.add(rule) })),
    faults: () => Promise.resolve(faults.list()),
    clearFaults: (id) => Promise.resolve().then(() => faults.clear(id)),
  };
}
