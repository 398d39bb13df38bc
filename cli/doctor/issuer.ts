// The issuer of the clean room's tokens: set, served to anyone over https, and with the keys that governance signs with.
// Where one of these is not so, Azure refuses the clean room, and only when a query runs.
import { messageOf } from "../../provider/errors";
import type { CleanRoom } from "../../provider/services/clean-room";
import { type Found, looked, ok, problem, some, unchecked } from "./check";
import { fields, text } from "./needs";
import { PublicDocumentError, publicJson } from "./public-json";

const REMEDY = "see the membership's line";

export async function checkIssuer(room: CleanRoom): Promise<readonly Found[]> {
  const { namespace } = room.settings;
  if (!room.hasFrontend) {
    return [unchecked("issuer", `${namespace}:frontendUrl is not set`, `set ${namespace}:frontendUrl`)];
  }
  let url: string | undefined;
  const set = await looked("issuer", REMEDY, async () => {
    const { enabled, issuerUrl } = await room.frontend.issuerInfo();
    if (!enabled || issuerUrl === undefined) {
      const found = enabled ? "no URL is set, neither for our tenant nor for all" : "governance issues no tokens yet";
      return problem("issuer", found, "ask the collaboration's owner to enable the OIDC issuer and set its URL");
    }
    if (!issuerUrl.startsWith("https://")) {
      return problem(
        "issuer",
        `${issuerUrl} is not https, so Azure does not trust it`,
        "set an https URL as the issuer's",
      );
    }
    url = issuerUrl;
    return ok("issuer", issuerUrl);
  });
  return url === undefined ? set : [...set, ...(await checkServed(room, url))];
}

async function checkServed(room: CleanRoom, issuerUrl: string): Promise<readonly Found[]> {
  const what = "issuer's documents";
  const remedy =
    "publish the discovery document and the keys where the issuer's URL says, readable by anyone, or set another URL";
  let keysUrl: string;
  let served: readonly string[];
  try {
    const discovery = fields(await publicJson(`${issuerUrl.replace(/\/+$/, "")}/.well-known/openid-configuration`));
    if (discovery.issuer !== issuerUrl) {
      const found = `the discovery document names ${text(discovery.issuer) || "no issuer"}, governance ${issuerUrl}: Azure compares them letter by letter`;
      return [problem(what, found, remedy)];
    }
    keysUrl = text(discovery.jwks_uri);
    served = keyIds(await publicJson(keysUrl));
  } catch (error) {
    if (!(error instanceof PublicDocumentError)) throw error;
    return [problem(what, messageOf(error), remedy)];
  }
  return [ok(what, `served, with keys at ${keysUrl}`), ...(await checkKeys(room, served))];
}

async function checkKeys(room: CleanRoom, served: readonly string[]): Promise<readonly Found[]> {
  const what = "issuer's keys";
  return looked(what, REMEDY, async () => {
    const signing = (await room.frontend.issuerKeys()).map(({ kid }) => kid);
    const missing = signing.filter((key) => !served.includes(key));
    const found = `governance signs with ${some(signing)}, and served are ${some(served) || "none"}`;
    return missing.length === 0 && signing.length > 0
      ? ok(what, `served as governance has them: ${some(signing)}`)
      : problem(
          what,
          found,
          "publish governance's keys (az managedcleanroom frontend oidc keys) in the place of those",
        );
  });
}

function keyIds(keySet: unknown): readonly string[] {
  const { keys } = fields(keySet);
  return (Array.isArray(keys) ? keys : []).map((key) => text(fields(key).kid));
}
