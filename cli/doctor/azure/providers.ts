// Whether the subscription has the resource providers that the stack's resources belong to.
import { type Found, looked, ok, problem } from "../check";
import { KINDS, namespaceOf } from "./kinds";
import type { Site } from "./site";

const WHAT = "resource providers";

/** Providers of the stack's resources that have to be registered; Azure's own two always are. */
export function namespacesOf({ needed }: Site): readonly string[] {
  const types = needed.flatMap(({ type }) => KINDS.of(type)?.armType ?? []);
  const always = new Set(["Microsoft.Resources", "Microsoft.Authorization"]);
  return [...new Set(types.map(namespaceOf))].filter((namespace) => !always.has(namespace)).sort();
}

export async function checkProviders(site: Site): Promise<readonly Found[]> {
  const { arm, subscription } = site;
  const namespaces = namespacesOf(site);
  return looked(WHAT, "ask for Reader on the subscription", async () => {
    const states = await Promise.all(namespaces.map((each) => arm.provider(subscription, each)));
    const missing = namespaces.filter((_, index) => states[index]?.registrationState !== "Registered");
    const state = (namespace: string): string =>
      `${namespace} is ${states[namespaces.indexOf(namespace)]?.registrationState ?? "unknown"}`;
    return missing.length === 0
      ? ok(WHAT, `registered: ${namespaces.join(", ")}`)
      : problem(
          WHAT,
          missing.map(state).join(", "),
          missing
            .map((each) => `az provider register --namespace ${each} --subscription ${subscription} --wait`)
            .join("\n"),
        );
  });
}
