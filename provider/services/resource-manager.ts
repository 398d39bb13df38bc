// Azure Resource Manager, for the few things that the Azure provider has no function for: lists, which say what is there
// under names that nobody here knows.
import { CleanRoomError } from "../errors";
import { HttpClient } from "../http/client";
import { isLoopback } from "../http/route";
import { fieldsOf, listOf, optionalText, textOf } from "./shape";
import { azureToken } from "./token";

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

export class ResourceManager {
  constructor(private readonly url: string) {}

  /** All federated credentials of a managed identity, which is named by its Azure resource id. */
  async federatedCredentials(identityId: string): Promise<readonly FederatedCredential[]> {
    const name = identityId.slice(identityId.lastIndexOf("/") + 1);
    const step = `list the federated credentials of identity '${name}'`;
    const found = await this.#list(`${identityId}/federatedIdentityCredentials`, IDENTITY_VERSION, step);
    return found.map(({ item, where }) => {
      const fields = fieldsOf(item, where);
      const properties = fieldsOf(fields.properties, where);
      return {
        name: textOf(fields, "name", where),
        issuer: textOf(properties, "issuer", where),
        subject: textOf(properties, "subject", where),
        audiences: listOf(properties.audiences, where).map(String),
      };
    });
  }

  async #list(path: string, version: string, step: string): Promise<readonly { item: unknown; where: string }[]> {
    const items: { item: unknown; where: string }[] = [];
    let url: string | undefined = `${this.url}${path}?api-version=${version}`;
    for (let page = 0; url !== undefined; page += 1) {
      const { body, where } = await clientOf(this.url).send({ method: "GET", url, step, remedy: forbiddenRemedy });
      const fields = fieldsOf(body, where);
      items.push(...listOf(fields.value, where).map((item) => ({ item, where })));
      url = optionalText(fields, "nextLink", where);
      // The token goes to nobody else, and a list that has no end is none.
      if (url !== undefined && (!url.startsWith(`${this.url}/`) || page >= MOST_PAGES)) {
        throw new CleanRoomError(`${where}: the list goes on at '${url}', which is not of this service.`);
      }
    }
    return items;
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
