// A program's resources without an engine: each is recorded as it was registered, with parent and dependencies, and
// answers what the cloud would. What a test did not foresee is an error.
import { join } from "node:path";
import { runInThisContext } from "node:vm";
import * as pulumi from "@pulumi/pulumi";
import type { CleanRoomDetails } from "../../components";

type Properties = Readonly<Record<string, unknown>>;

export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Properties;
  /** Paths of inputs that are secret: `value`, `properties.password`. */
  readonly secrets: readonly string[];
  /** `type name` of the parent; empty at the top. */
  readonly parent: string;
  /** Names of what it waits for, in whatever way. */
  readonly waitsFor: readonly string[];
}

export interface Program {
  readonly all: readonly Registered[];
  /** The one resource of this type and name's end. */
  the(type: string, name?: string): Registered;
  /** `type name` of all children of a component, itself given so, sorted. */
  children(parent: string): readonly string[];
}

export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const SECRET = { key: "4dabf18193072939515e22adb298388d", is: "1b47061264138c4ac30d75fd1eb44270" };
const SUBSCRIPTION = "/subscriptions/11111111-1111-4111-8111-111111111111";

export const details: CleanRoomDetails = {
  cleanroomIdentity: {
    issuerUrl: "https://issuer.example/oidc",
    subject: "analytics-owner",
    audience: "api://AzureADTokenExchange",
  },
  cleanroomPolicy: {
    hostData: ["ab".repeat(32)],
    releasePolicy: {
      version: "1.0.0",
      anyOf: [
        {
          authority: "https://attest.example",
          allOf: [{ claim: "x-ms-sevsnpvm-hostdata", equals: "ab".repeat(32) }],
        },
      ],
    },
  },
  contractId: "analytics",
  attestationUrl: "https://attest.example",
  ownerId: "owner",
  ownerType: "User",
};

/** What each type answers besides its inputs. */
const STATES: Readonly<Record<string, (inputs: Properties, name: string) => Properties>> = {
  "azure-native:managedidentity:UserAssignedIdentity": (_, name) => ({
    name,
    clientId: `${name}-client`,
    principalId: `${name}-principal`,
    tenantId: "tenant",
  }),
  "azure-native:managedidentity:FederatedIdentityCredential": () => ({}),
  "azure-native:storage:StorageAccount": (_, name) => ({
    name,
    primaryEndpoints: {
      blob: `https://${name}.blob.core.windows.net/`,
      dfs: `https://${name}.dfs.core.windows.net/`,
    },
  }),
  "azure-native:storage:BlobContainer": ({ containerName }) => ({ name: containerName }),
  "azure-native:storage:BlobServiceProperties": () => ({ name: "default" }),
  "azure-native:keyvault:Vault": ({ properties }, name) => ({
    name,
    properties: { ...(properties as object), vaultUri: `https://${name}.vault.azure.net/` },
  }),
  "azure-native:keyvault:Key": ({ keyName }) => ({ name: keyName }),
  "azure-native:authorization:RoleAssignment": () => ({}),
  "azure-native:authorization:ManagementLockByScope": () => ({}),
  "azure-native:monitor:DiagnosticSetting": () => ({}),
  "azure-native:network:PrivateEndpoint": (_, name) => ({ name }),
  "azure-native:network:PrivateDnsZoneGroup": () => ({}),
  "azuread:index/application:Application": (_, name) => ({ clientId: `${name}-client` }),
  "azuread:index/servicePrincipal:ServicePrincipal": () => ({ objectId: "principal", applicationTenantId: "tenant" }),
  "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential": () => ({}),
  "aws:iam/user:User": (_, name) => ({ name }),
  "aws:iam/userPolicy:UserPolicy": () => ({}),
  "aws:iam/accessKey:AccessKey": () => ({ secret: "canary-access-key" }),
  "aws:s3/bucket:Bucket": (_, name) => ({ bucket: name }),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": () => ({}),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": () => ({}),
  "aws:s3/bucketVersioning:BucketVersioning": () => ({}),
  "aws:s3/bucketPolicy:BucketPolicy": () => ({}),
  "command:local:Command": () => ({ stdout: "{}" }),
  "pulumi-nodejs:dynamic/cleanroom:AccessKeyProof": () => ({ provenKeyId: "proven" }),
  "pulumi-nodejs:dynamic/cleanroom:DataKey": () => ({ fingerprint: "print", kekId: "kek/1" }),
  "pulumi-nodejs:dynamic/cleanroom:HsmKey": () => ({ kid: "kek/1" }),
  "pulumi-nodejs:dynamic/cleanroom:HsmRoleAssignment": ({ principalId }) => ({ assignee: principalId }),
  "pulumi-nodejs:dynamic/cleanroom:ContractSecret": ({ name }) => ({ secretId: `owner_${String(name)}` }),
  "pulumi-nodejs:dynamic/cleanroom:DatasetDocument": ({ name }) => ({
    documentId: `${String(name)}-0123456789ab`,
    digest: "sha256:00",
    ownerId: "owner",
    ownerType: "User",
  }),
  "pulumi-nodejs:dynamic/cleanroom:QueryDraft": () => ({
    digest: "sha256:11",
    approvers: ["contosso", "litware"],
    amendedByOthers: false,
    lastChangedBy: "this program",
  }),
  "pulumi-nodejs:dynamic/cleanroom:DocumentConsent": () => ({ status: "ready" }),
  "pulumi-nodejs:dynamic/cleanroom:QueryAmendment": () => ({ status: "waiting" }),
  "pulumi-nodejs:dynamic/cleanroom:QueryApproval": () => ({ status: "waiting" }),
  "pulumi-nodejs:dynamic/cleanroom:TenantIssuer": ({ issuerUrl }) => ({
    issuerUrl,
    status: "ready",
    reason: "",
    since: "",
    registeredUrl: issuerUrl,
    keyIds: ["key"],
  }),
  "pulumi-nodejs:dynamic/cleanroom:QueryProposal": () => ({
    state: "Draft",
    approvers: ["contosso", "litware"],
    awaited: ["contosso", "litware"],
    reason: "nothing is proposed yet",
    since: "2026-11-24T20:00:00.000Z",
    amendable: true,
  }),
};

const calls: Record<string, (inputs: Properties) => Properties> = {};

/** Answers of a cloud's functions, where a test wants others than the usual. */
export function answer(token: string, answers: (inputs: Properties) => Properties): void {
  calls[token] = answers;
}

export interface RunOptions {
  /** In preview nothing has an id or an observed output yet. */
  readonly preview?: boolean;
}

/** Runs a program to its end, and answers what it registered; throws what it threw. */
export async function run(program: () => unknown, { preview = false }: RunOptions = {}): Promise<Program> {
  const all: Registered[] = [];
  await pulumi.runtime.setMocks(
    {
      call: ({ token, inputs }) => {
        const known = calls[token] ?? FUNCTIONS[token];
        if (known === undefined) throw new Error(`a function that no test foresaw: ${token}`);
        return known(inputs as Properties);
      },
      newResource: ({ type, name, custom, ...args }) => {
        const inputs = args.inputs as Properties;
        const state = STATES[type];
        if (custom === true && state === undefined) throw new Error(`a resource that no test foresaw: ${type}`);
        if (custom !== true || preview) return { id: undefined, state: inputs };
        return { id: `${SUBSCRIPTION}/${type}/${name}`, state: { ...inputs, ...state?.(inputs, name) } };
      },
    },
    "cleanroom",
    "contosso",
    preview,
  );
  useThisProject();
  record(all);
  const failure = await rejectionOf(async () => {
    await program();
    await pulumi.runtime.disconnect();
  });
  for (const token of Object.keys(calls)) delete calls[token];
  if (failure !== undefined) throw failure;
  return {
    all,
    the: (type, name = "") => {
      const found = all.filter((each) => each.type === type && each.name.endsWith(name));
      const [only] = found;
      if (only === undefined || found.length > 1) {
        throw new Error(
          `${found.length} of ${type} ${name}: ${all.map((each) => `${each.type} ${each.name}`).join(", ")}`,
        );
      }
      return only;
    },
    children: (parent) =>
      all
        .filter((each) => each.parent === parent)
        .map(({ type, name }) => `${type} ${name}`)
        .sort(),
  };
}

/** Data files of programs are this project's own, unless a test has a project of its own. */
function useThisProject(): void {
  const runtime = pulumi.runtime as { getRootDirectory: () => string };
  if (runtime.getRootDirectory() === "rootDirectory") runtime.getRootDirectory = () => join(__dirname, "..", "..");
}

/** The test runner hands tests a copy of the process; rejections come to the real one. */
const realProcess = runInThisContext("process") as NodeJS.Process;

/**
 * What a component refuses once a value is known surfaces as rejections that nobody handles but the engine's runner,
 * whose place this takes: the first of them, or undefined.
 */
async function rejectionOf(work: () => Promise<void>): Promise<Error | undefined> {
  const failures: Error[] = [];
  const remember = (reason: Error): void => void failures.push(reason);
  const runners = realProcess.listeners("unhandledRejection");
  realProcess.removeAllListeners("unhandledRejection").on("unhandledRejection", remember);
  try {
    await work().catch(remember);
    // Rejections are told of once the queue of promises is empty.
    await new Promise((resolve) => setTimeout(resolve, 20));
  } finally {
    realProcess.off("unhandledRejection", remember);
    for (const runner of runners) realProcess.on("unhandledRejection", runner);
  }
  return failures[0];
}

/** The value of an output, and whether it is secret and known. */
export async function valueOf<T>(output: pulumi.Output<T>): Promise<{ value: T; secret: boolean; known: boolean }> {
  const inner = output as unknown as { promise(): Promise<T>; isKnown: Promise<boolean> };
  return { value: await inner.promise(), secret: await pulumi.isSecret(output), known: await inner.isKnown };
}

const FUNCTIONS: typeof calls = {
  "azure-native:authorization:getClientConfig": () => ({
    clientId: "deployer-client",
    objectId: "deployer",
    subscriptionId: "subscription",
    tenantId: "tenant",
  }),
  "azure-native:storage:getStorageAccount": ({ accountName }) => ({
    id: `${SUBSCRIPTION}/storageAccounts/${String(accountName)}`,
    name: accountName,
    primaryEndpoints: {
      blob: `https://${String(accountName)}.blob.core.windows.net/`,
      dfs: `https://${String(accountName)}.dfs.core.windows.net/`,
    },
  }),
  "azure-native:keyvault:getVault": ({ vaultName }) => ({
    id: `${SUBSCRIPTION}/vaults/${String(vaultName)}`,
    name: vaultName,
    properties: {
      vaultUri: `https://${String(vaultName)}.vault.azure.net/`,
      sku: { family: "A", name: "premium" },
      enableRbacAuthorization: true,
    },
  }),
  "azure-native:managedidentity:getUserAssignedIdentity": ({ resourceName }) => ({
    id: `${SUBSCRIPTION}/userAssignedIdentities/${String(resourceName)}`,
    name: resourceName,
    clientId: "existing-client",
    principalId: "existing-principal",
    tenantId: "tenant",
  }),
};

interface Request {
  getType(): string;
  getName(): string;
  getParent(): string;
  getObject(): { toJavaScript(): Properties } | undefined;
  getDependenciesList(): string[];
}
interface Monitor {
  registerResource(request: Request, callback: unknown): Promise<void>;
}

/** The mocks themselves are told neither of parents and dependencies nor of what is secret. */
function record(all: Registered[]): void {
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    const secrets: string[] = [];
    const inputs = unwrapped(request.getObject()?.toJavaScript() ?? {}, "", secrets) as Record<string, unknown>;
    delete inputs.__provider;
    all.push({
      type: request.getType(),
      name: request.getName(),
      inputs,
      secrets: secrets.filter((path) => path !== "__provider"),
      parent: placeOf(request.getParent()),
      waitsFor: [...new Set(request.getDependenciesList().map(nameOf))].sort(),
    });
    return register(request, callback);
  };
}

function unwrapped(value: unknown, path: string, secrets: string[]): unknown {
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => unwrapped(item, `${path}[${index}]`, secrets));
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const fields = value as Record<string, unknown>;
  if (fields[SECRET.key] === SECRET.is) {
    secrets.push(path);
    return unwrapped(fields.value, path, secrets);
  }
  return Object.fromEntries(
    Object.entries(fields).map(([key, item]) => [key, unwrapped(item, path === "" ? key : `${path}.${key}`, secrets)]),
  );
}

function placeOf(urn: string): string {
  const [, , type = ""] = urn.split("::");
  return urn === "" ? "" : `${type.split("$").at(-1) ?? ""} ${nameOf(urn)}`;
}

function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? "";
}
