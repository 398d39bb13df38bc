// No key is used for ever without anybody thinking of it.
import { cisAzure, cleanRoom, defineRule, integer, mcsb } from "../../framework";
import { KEY, type KeyInputs } from "../../resources/azure";

const DAY = 24 * 60 * 60;

export const keyExpiresOrRotates = defineRule({
  code: "key-expires-or-rotates",
  group: "keys",
  title: "A key expires, or has a rotation policy that renews it.",
  risk: "A key without an end is used long after whoever knew of it has left, and one that leaked opens data for ever.",
  remedy: "Set attributes.expires, or a rotationPolicy with an expiryTime and the lifetime action rotate.",
  references: [
    cisAzure("8.1"),
    cisAzure("8.8"),
    mcsb("DP-6"),
    cleanRoom("one KEK wraps the DEK for as long as the dataset is used"),
  ],
  settings: { maximumDays: integer("Days a key may be used, at most.", 1, { default: 1096, strict: 731 }) },
  types: [KEY],
  judge: ({ inputs }, { report, configuration: { now }, settings: { maximumDays } }) => {
    const { attributes, rotationPolicy } = (inputs as KeyInputs).properties ?? {};
    const expires = attributes?.expires;
    const lifetime = rotationPolicy?.attributes?.expiryTime;
    if (expires === undefined && rotationPolicy === undefined) {
      report("neither expires nor has a rotation policy");
      return;
    }
    if (expires !== undefined && expires > now.getTime() / 1000 + maximumDays * DAY) {
      report(
        `expires on ${new Date(expires * 1000).toISOString().slice(0, 10)}, more than ${maximumDays} days from now`,
      );
      return;
    }
    if (rotationPolicy === undefined) {
      return;
    }
    // The policy's expiry is that of the versions to come: notice alone leaves the first one without an end.
    const rotates =
      rotationPolicy.lifetimeActions?.some(({ action }) => action?.type?.toLowerCase() === "rotate") === true;
    const days = daysOf(lifetime);
    if (expires === undefined && !rotates) {
      report("has a rotation policy that does not rotate, and itself never expires");
    } else if (days === undefined) {
      report(`has a rotation policy whose expiryTime is '${lifetime ?? ""}', which is no period such as P2Y`);
    } else if (days > maximumDays) {
      report(`has a rotation policy with the expiryTime ${lifetime ?? ""}, more than ${maximumDays} days`);
    }
  },
});

/** Days of an ISO 8601 period of years, months, weeks or days. */
function daysOf(period: string | undefined): number | undefined {
  const [whole, years, months, weeks, days] =
    /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?$/.exec(period ?? "") ?? [];
  if (whole === undefined || whole === "P") {
    return undefined;
  }
  const count = (text: string | undefined): number => Number(text ?? 0);
  return count(years) * 365 + count(months) * 30 + count(weeks) * 7 + count(days);
}
