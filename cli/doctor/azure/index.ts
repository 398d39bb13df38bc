// Azure, before the first `up`: who is signed in, and whether that user may create what the stack needs, and can.
import type { ConfigLookup } from "../../../provider/host";
import type { Caller } from "../../../provider/services/token";
import { type Found, looked, unchecked } from "../check";
import { isOf, type Needs } from "../needs";
import { Arm } from "./arm";
import { checkNames } from "./names";
import { checkProviders } from "./providers";
import { checkQuotas } from "./quotas";
import { checkRegions } from "./regions";
import { checkRights } from "./rights";
import { checkSamePerson, checkSubscription } from "./sign-in";
import type { Site } from "./site";

export interface AzureAsk {
  readonly stack: string;
  readonly needs: Needs;
  readonly config: ConfigLookup;
  readonly env: NodeJS.ProcessEnv;
  /** Azure Resource Manager's address. */
  readonly resourceManagerUrl: string;
  /** Who governance and frontend are asked as; undefined where that could not be told. */
  readonly governs: Caller | undefined;
}

export async function checkAzure(ask: AzureAsk): Promise<readonly Found[]> {
  const needed = ask.needs.resources.filter((need) => isOf("azure-native", need));
  return needed.length === 0 ? [] : [...(await checkSignedIn(ask, needed)), ...directory(ask.needs)];
}

async function checkSignedIn(ask: AzureAsk, needed: Site["needed"]): Promise<readonly Found[]> {
  const arm = new Arm(ask.resourceManagerUrl);
  let caller: Caller | undefined;
  const who = await looked("sign-in", "az login, or give the pipeline a workload identity", async () => {
    caller = await arm.caller();
    return checkSamePerson(caller, ask);
  });
  if (caller === undefined) {
    return [...who.map((each): Found => ({ ...each, result: "problem" })), rest("nobody is signed in")];
  }
  const { found, subscription } = await checkSubscription(arm, caller, ask);
  if (subscription === undefined) {
    return [...who, ...found, rest("it is not known which subscription is meant")];
  }
  const site: Site = { arm, caller, subscription, needed, stack: ask.stack, location: locationOf(ask) };
  const checks = [checkRights, checkProviders, checkRegions, checkQuotas, checkNames];
  return [...who, ...found, ...(await Promise.all(checks.map((check) => check(site)))).flat()];
}

/** Rights in Entra are no part of Azure Resource Manager's. */
function directory({ resources }: Needs): readonly Found[] {
  const count = resources.filter((need) => isOf("azuread", need)).length;
  const why = `Azure Resource Manager does not tell rights in Entra, and the stack has ${count} of its resources`;
  const remedy = "the Entra role Application Developer lets a user create and own applications";
  return count === 0 ? [] : [unchecked("Entra rights", why, remedy)];
}

const locationOf = ({ config, env }: AzureAsk): string | undefined =>
  config("azure-native:location") ?? env.ARM_LOCATION ?? env.AZURE_LOCATION;

const rest = (why: string): Found =>
  unchecked("rights, providers, regions, quotas, names", why, "mend the line above, and run the doctor again");
