// Where the clean room's services are and who we are: from the stack's configuration, else from the environment. A
// setting that is missing is named with every place where it may be set.
import { InvalidInputError } from "./errors";
import { quotable } from "./redaction";

/** Settings of one collaboration, as the stack configuration `<namespace>:<key>` and the environment give them. */
export interface Settings {
  /** Namespace of the stack configuration these come from. */
  readonly namespace: string;
  /** Workload frontend, without `/collaborations`: `https://frontend.example`. */
  readonly frontendUrl?: string;
  /** cgs-client, the REST face of clean room governance. */
  readonly governanceUrl?: string;
  /** The collaboration's UUID. */
  readonly collaborationId?: string;
  /** The governance contract. */
  readonly contractId?: string;
  /** Bearer token; without one, `@azure/identity` is asked for one of `scope`. */
  readonly token?: string;
  /** Scope of the token that `@azure/identity` is asked for. */
  readonly scope: string;
  /** Attestation service whose word the vault takes when it releases a key. */
  readonly attestationUrl: string;
  /** Azure Resource Manager, where it is not the public cloud's. */
  readonly resourceManagerUrl: string;
  /** S3 endpoint, where it is not AWS's own. */
  readonly s3EndpointUrl?: string;
  /** Seconds for one request to the clean room's services, its repetitions included. */
  readonly requestSeconds: number;
  /** Seconds within which one operation on a resource ends, waiting for other collaborators (`waitSeconds`) apart. */
  readonly deadlineSeconds: number;
}

type Key = Exclude<keyof Settings, "namespace">;
type TextKey = Exclude<Key, "requestSeconds" | "deadlineSeconds">;

const ENVIRONMENT: Readonly<Record<Key, string>> = {
  frontendUrl: "CLEANROOM_FRONTEND_URL",
  governanceUrl: "CLEANROOM_GOVERNANCE_URL",
  collaborationId: "CLEANROOM_COLLABORATION_ID",
  contractId: "CLEANROOM_CONTRACT_ID",
  token: "CLEANROOM_TOKEN",
  scope: "CLEANROOM_SCOPE",
  attestationUrl: "CLEANROOM_ATTESTATION_URL",
  resourceManagerUrl: "ARM_ENDPOINT",
  s3EndpointUrl: "AWS_ENDPOINT_URL_S3",
  requestSeconds: "CLEANROOM_REQUEST_SECONDS",
  deadlineSeconds: "CLEANROOM_DEADLINE_SECONDS",
};

/** The public attestation service that the clean room's own samples name. */
const DEFAULT_ATTESTATION_URL = "https://sharedneu.neu.attest.azure.net";
const DEFAULT_RESOURCE_MANAGER_URL = "https://management.azure.com";
/** Governance accepts the collaborator's own Azure Resource Manager token, which `az` and pipelines have. */
const DEFAULT_SCOPE = "https://management.azure.com/.default";
const DEFAULT_REQUEST_SECONDS = 60;
/** A vault's new role takes up to ten minutes to be seen everywhere; everything else is done in seconds. */
const DEFAULT_DEADLINE_SECONDS = 900;
/** An hour: nobody waits longer, and a number that large is a slip. */
const MOST_SECONDS = 3_600;

/** Reads the settings of a namespace; `config` looks up a whole key, such as `cleanroom:token`. */
export function readSettings(
  namespace: string,
  config: (key: string) => string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Settings {
  const read = (key: Key): string | undefined => {
    const value = (config(`${namespace}:${key}`) ?? env[ENVIRONMENT[key]])?.trim();
    return value === "" ? undefined : value;
  };
  return {
    namespace,
    frontendUrl: address(namespace, "frontendUrl", read("frontendUrl")),
    governanceUrl: address(namespace, "governanceUrl", read("governanceUrl")),
    collaborationId: read("collaborationId"),
    contractId: read("contractId"),
    token: read("token"),
    scope: read("scope") ?? DEFAULT_SCOPE,
    attestationUrl: address(namespace, "attestationUrl", read("attestationUrl")) ?? DEFAULT_ATTESTATION_URL,
    resourceManagerUrl:
      address(namespace, "resourceManagerUrl", read("resourceManagerUrl")) ?? DEFAULT_RESOURCE_MANAGER_URL,
    s3EndpointUrl: address(namespace, "s3EndpointUrl", read("s3EndpointUrl")),
    requestSeconds: seconds(namespace, "requestSeconds", read("requestSeconds")) ?? DEFAULT_REQUEST_SECONDS,
    deadlineSeconds: seconds(namespace, "deadlineSeconds", read("deadlineSeconds")) ?? DEFAULT_DEADLINE_SECONDS,
  };
}

/** A setting that must be there, or an error that names every place where it may be set. */
export function requireSetting(settings: Settings, key: TextKey): string {
  const value = settings[key];
  if (value === undefined) {
    throw new InvalidInputError(`No ${key} is set. ${placesOf(settings.namespace, key)}`);
  }
  return value;
}

function placesOf(namespace: string, key: Key): string {
  const secret = key === "token" ? "--secret " : "";
  return `Set it in the stack's configuration (\`pulumi config set ${secret}${namespace}:${key} …\`) or in the environment (${ENVIRONMENT[key]}).`;
}

function seconds(namespace: string, key: Key, value: string | undefined): number | undefined {
  if (value === undefined) {
    return undefined;
  }
  const given = Number(value);
  if (!(given > 0 && given <= MOST_SECONDS)) {
    throw new InvalidInputError(
      `${namespace}:${key} is '${value}': a number of seconds up to ${MOST_SECONDS} is expected. ${placesOf(namespace, key)}`,
    );
  }
  return given;
}

function address(namespace: string, key: Key, value: string | undefined): string | undefined {
  if (value === undefined) {
    return undefined;
  }
  let url: URL;
  try {
    url = new URL(value);
  } catch {
    throw new InvalidInputError(
      `${namespace}:${key} is '${quotable(value, 200)}', which is no URL. ${placesOf(namespace, key)}`,
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw new InvalidInputError(
      `${namespace}:${key} holds a user or a password, which no service here takes: leave them out. ${placesOf(namespace, key)}`,
    );
  }
  const loopback = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && loopback)) {
    throw new InvalidInputError(
      `${namespace}:${key} is '${value}': a token is sent there, so it must be https. ${placesOf(namespace, key)}`,
    );
  }
  return value.replace(/\/+$/, "");
}
