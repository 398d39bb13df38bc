// Who is signed in to Azure: the same person as governance knows, and with a subscription that works.
import type { Caller } from "../../../provider/services/token";
import { type Found, looked, ok, problem, some, unchecked, warning } from "../check";
import type { AzureAsk } from "./index";
import type { Arm } from "./arm";

const described = ({ oid, tid, type }: Caller): string => `${type} ${oid} of tenant ${tid}`;

/**
 * The clean room's identity is made in the tenant that Azure is signed in to, and trusts the issuer of the tenant that
 * governance knows; roles for whoever runs the program are given to Azure's user as what governance says that it is.
 */
export function checkSamePerson(caller: Caller, { governs, config, env }: AzureAsk): readonly Found[] {
  const signedIn = ok("sign-in", described(caller));
  const application = config("azure-native:clientId") ?? env.ARM_CLIENT_ID;
  const own =
    application === undefined || application === env.AZURE_CLIENT_ID
      ? []
      : [
          unchecked(
            "provider's sign-in",
            `the Azure provider signs in as application ${application}, and keys and uploads with Azure's credentials of this machine`,
            `set AZURE_CLIENT_ID=${application}, and AZURE_TENANT_ID and AZURE_FEDERATED_TOKEN_FILE with it`,
          ),
        ];
  if (governs === undefined) {
    const why = "who the clean room is asked as is not known";
    return [signedIn, ...own, unchecked("same person", why, "see the token's line of the clean room")];
  }
  const both = `the clean room is asked as ${described(governs)}, Azure as ${described(caller)}`;
  const remedy = `az login --tenant ${governs.tid}, as the user whose token cleanroom:token is; or leave cleanroom:token out`;
  if (governs.tid !== caller.tid || governs.type !== caller.type) {
    const why =
      governs.tid === caller.tid
        ? "roles for a principal of the wrong type are refused"
        : "the identity would be of one tenant, and its issuer of another";
    return [signedIn, ...own, problem("same person", `${both}: ${why}`, remedy)];
  }
  if (governs.oid !== caller.oid) {
    return [signedIn, ...own, warning("same person", `${both}: two people of one tenant`, remedy)];
  }
  return [signedIn, ...own, ok("same person", "the clean room is asked as the same")];
}

/** The subscription that the Azure provider would take, where that is certain. */
export async function checkSubscription(
  arm: Arm,
  caller: Caller,
  { config, env, stack }: AzureAsk,
): Promise<{ readonly found: readonly Found[]; readonly subscription: string | undefined }> {
  const what = "subscription";
  const named = config("azure-native:subscriptionId") ?? env.ARM_SUBSCRIPTION_ID;
  let subscription: string | undefined;
  const found = await looked(
    what,
    "check cleanroom:resourceManagerUrl (ARM_ENDPOINT), and what the message names",
    async () => {
      const all = await arm.subscriptions();
      const [first] = all;
      const set = (id: string): string => `pulumi config set --stack ${stack} azure-native:subscriptionId ${id}`;
      if (first === undefined) {
        const remedy = `az role assignment create --assignee ${caller.oid} --role Contributor --scope /subscriptions/<id>`;
        return problem(what, `${described(caller)} sees no subscription`, remedy);
      }
      const chosen = named === undefined && all.length === 1 ? first : all.find(({ id }) => id === named);
      const others = some(all.map(({ id, name }) => `${id} (${name})`));
      if (named === undefined && chosen === undefined) {
        return warning(what, `none is named, so Azure CLI's default would be taken, of ${others}`, set(first.id));
      }
      if (chosen === undefined) {
        return problem(what, `${named ?? ""} is none of those that we see: ${others}`, set(first.id));
      }
      subscription = chosen.id;
      if (chosen.state !== "Enabled") {
        return problem(what, `${chosen.id} (${chosen.name}) is ${chosen.state}`, `enable it, or ${set("<id>")}`);
      }
      if (chosen.tenantId !== undefined && chosen.tenantId !== caller.tid) {
        const why = `${chosen.id} (${chosen.name}) is of tenant ${chosen.tenantId}, the sign-in of ${caller.tid}`;
        return problem(what, why, `az login --tenant ${chosen.tenantId}`);
      }
      return ok(what, `${chosen.id} (${chosen.name})`);
    },
  );
  return { found, subscription };
}
