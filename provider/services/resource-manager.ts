// Azure Resource Manager, for the few things that the Azure provider has no function for: lists, which say what is there
// under names that nobody here knows, and questions before anything is made. Nothing here writes.
import { CleanRoomError } from "../errors";
import { HttpClient, type Answer, type Call } from "../http/client";
import { isLoopback } from "../http/route";
import { fieldsOf, listOf, optionalText, textOf } from "./shape";
import { azureToken, callerOf, type Caller } from "./token";

const IDENTITY_VERSION = "2023-01-31";
/** The audience of Resource Manager's tokens in the public cloud, which a loopback address stands for. */
const PUBLIC = "https://management.azure.com";
const MOST_PAGES = 100;

export interface FederatedCredential {
  /** Its name on the identity. */
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
}

/** One for all resources that are asked for: they take the same token. */
const clients = new Map<string, HttpClient>();

/** One item of a list, and which request it came with. */
export interface Listed {
  readonly item: Readonly<Record<string, unknown>>;
  readonly where: string;
}

export class ResourceManager {
  /** `deadline`: milliseconds for one request, its repetitions included. */
  constructor(
    private readonly url: string,
    private readonly deadline?: number,
  ) {}

  /** Who is signed in. */
  async caller(): Promise<Caller> {
    return callerOf(await clientOf(this.url).token("sign in to Azure"), "cleanroom");
  }

  /** All federated credentials of a managed identity, which is named by its Azure resource id. */
  async federatedCredentials(identityId: string): Promise<readonly FederatedCredential[]> {
    const name = identityId.slice(identityId.lastIndexOf("/") + 1);
    const step = `list the federated credentials of identity '${name}'`;
    const found = await this.list(`${identityId}/federatedIdentityCredentials`, IDENTITY_VERSION, step);
    return found.map(({ item, where }) => {
      const properties = fieldsOf(item.properties, where);
      return {
        name: textOf(item, "name", where),
        issuer: textOf(properties, "issuer", where),
        subject: textOf(properties, "subject", where),
        audiences: listOf(properties.audiences, where).map(String),
      };
    });
  }

  /** All pages of a list. */
  async list(path: string, version: string, step: string): Promise<readonly Listed[]> {
    const items: Listed[] = [];
    let next: string | undefined = `${path}?api-version=${version}`;
    for (let page = 0; next !== undefined; page += 1) {
      const { body, where }: Answer = await this.#send({ method: "GET", path: next, step });
      const fields = fieldsOf(body, where);
      items.push(...listOf(fields.value, where).map((item) => ({ item: fieldsOf(item, where), where })));
      const link = optionalText(fields, "nextLink", where);
      // The token goes to nobody else, and a list that has no end is none.
      if (link !== undefined && (!link.startsWith(`${this.url}/`) || page >= MOST_PAGES)) {
        throw new CleanRoomError(`${where}: the list goes on at '${link}', which is not of this service.`);
      }
      next = link?.slice(this.url.length);
    }
    return items;
  }

  /** One question, which changes nothing whatever its method. */
  ask(path: string, version: string, call: Pick<Call, "step" | "absentCode" | "body">): Promise<Answer> {
    const method = call.body === undefined ? "GET" : "POST";
    return this.#send({ ...call, method, path: `${path}?api-version=${version}`, idempotent: true, reads: true });
  }

  #send({ path, ...call }: Omit<Call, "url"> & { readonly path: string }): Promise<Answer> {
    const { deadline } = this;
    return clientOf(this.url).send({ ...call, url: `${this.url}${path}`, deadline, remedy: forbiddenRemedy });
  }
}

function clientOf(url: string): HttpClient {
  const known = clients.get(url);
  if (known !== undefined) {
    return known;
  }
  const service = new URL(url);
  const client = new HttpClient(azureToken(`${isLoopback(service) ? PUBLIC : service.origin}/.default`));
  clients.set(url, client);
  return client;
}

function forbiddenRemedy(status: number): string | undefined {
  return status === 403
    ? "The signed-in identity has to be allowed to read it: give it the role Reader there."
    : undefined;
}
