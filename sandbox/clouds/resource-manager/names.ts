// Names that all of Azure shares: whether one is free, and which deleted vaults still keep theirs.
import { tokens } from "../tokens";
import { ok, type Request, type Route, ServiceError } from "../../http";
import type { ManagerPart } from "./index";

interface Rule {
  readonly allowed: RegExp;
  readonly invalid: string;
  readonly invalidReason: string;
}

const ACCOUNT: Rule = {
  allowed: /^[a-z0-9]{3,24}$/,
  invalid:
    "is not a valid storage account name. Storage account name must be between 3 and 24 characters in length and use numbers and lower-case letters only.",
  invalidReason: "AccountNameInvalid",
};
const VAULT: Rule = {
  allowed: /^(?=.{3,24}$)[a-zA-Z](-?[a-zA-Z0-9])+$/,
  invalid: "is not a valid vault name: 3 to 24 letters, digits and single hyphens, beginning with a letter.",
  invalidReason: "AccountNameInvalid",
};

export function nameRoutes({ world, callers, clock }: ManagerPart): readonly Route[] {
  const below = "/subscriptions/:subscription/providers";
  /** Deleted and not purged yet. */
  const deleted = () =>
    world.records.softDeleted(tokens.vault).filter(({ purgeAt }) => purgeAt > clock().toISOString());

  const check = (namespace: string, type: string, rule: Rule, isTaken: (name: string) => boolean): Route => ({
    method: "POST",
    path: `${below}/${namespace}/checkNameAvailability`,
    handler: async (request) => {
      const action = namespace === "Microsoft.Storage" ? "checknameavailability/read" : "checkNameAvailability/read";
      await callers.of(request, `${namespace}/${action}`);
      const name = await nameIn(request, `${namespace}/${type}`);
      if (!rule.allowed.test(name)) {
        return ok({ nameAvailable: false, reason: rule.invalidReason, message: `${name} ${rule.invalid}` });
      }
      const message = `The name '${name}' is already in use, or kept by a resource that was deleted.`;
      return ok(isTaken(name) ? { nameAvailable: false, reason: "AlreadyExists", message } : { nameAvailable: true });
    },
  });

  const named = (type: string, name: string): boolean =>
    world.records.list(type).some(({ outputs }) => String(outputs.name).toLowerCase() === name.toLowerCase());
  return [
    check("Microsoft.Storage", "storageAccounts", ACCOUNT, (name) => named(tokens.storageAccount, name)),
    check(
      "Microsoft.KeyVault",
      "vaults",
      VAULT,
      (name) =>
        named(tokens.vault, name) || deleted().some(({ resource }) => lastOf(resource.id) === name.toLowerCase()),
    ),
    {
      method: "GET",
      path: `${below}/Microsoft.KeyVault/deletedVaults`,
      handler: async (request) => {
        const { owner } = await callers.of(request, "Microsoft.KeyVault/deletedVaults/read");
        const own = deleted().filter(({ resource }) => resource.owner === owner.name);
        const value = own.map(({ resource: { id, inputs, outputs }, deletedAt, purgeAt }) => ({
          id: `/subscriptions/${owner.subscriptionId}/providers/Microsoft.KeyVault/locations/${String(outputs.location)}/deletedVaults/${String(outputs.name)}`,
          name: outputs.name,
          type: "Microsoft.KeyVault/deletedVaults",
          properties: {
            vaultId: id,
            location: outputs.location,
            deletionDate: deletedAt,
            scheduledPurgeDate: purgeAt,
            purgeProtectionEnabled:
              (inputs.properties as { readonly enablePurgeProtection?: boolean }).enablePurgeProtection ?? false,
          },
        }));
        return ok({ value });
      },
    },
  ];
}

const lastOf = (id: string): string => id.slice(id.lastIndexOf("/") + 1).toLowerCase();

/** @throws ServiceError 400 for a body that names no name, or another type */
async function nameIn(request: Request, type: string): Promise<string> {
  const body = (await request.json()) as { readonly name?: unknown; readonly type?: unknown } | null;
  if (typeof body?.name !== "string" || body.name === "" || String(body.type).toLowerCase() !== type.toLowerCase()) {
    throw new ServiceError(400, "InvalidRequestContent", `A name, and the type '${type}', are required.`);
  }
  return body.name;
}
