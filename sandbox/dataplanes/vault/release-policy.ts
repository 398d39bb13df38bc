// Secure key release policies: checked when a key gets one, and evaluated against an attestation token at release.
// Grammar: Azure Key Vault's "secure key release policy grammar", version 1.0.0.
import type { JWTPayload } from "jose";
import { badParameter } from "./errors";
import type { EncodedReleasePolicy } from "./model";

type Condition =
  | { readonly claim: string; readonly equals: string | boolean | number }
  | { readonly allOf: readonly Condition[] }
  | { readonly anyOf: readonly Condition[] };

interface Authority {
  readonly authority: string;
  readonly condition: Condition;
}

/** The authorities of a policy, in its order. @throws ServiceError BadParameter that names what is wrong where */
export function readReleasePolicy({ data, contentType }: EncodedReleasePolicy): readonly Authority[] {
  if (!/^application\/json\b/i.test(contentType)) {
    throw badParameter(`release_policy: contentType must be application/json, not ${JSON.stringify(contentType)}`);
  }
  const policy = record(decode(data), "release_policy");
  if (policy.version !== "1.0.0" && policy.version !== "0.2") {
    throw badParameter(`release_policy: version must be "1.0.0", not ${JSON.stringify(policy.version)}`);
  }
  return list(policy.anyOf, "release_policy.anyOf").map((each, index) => {
    const place = `release_policy.anyOf[${index}]`;
    const { authority, ...rest } = record(each, place);
    if (typeof authority !== "string" || !URL.canParse(authority) || !authority.startsWith("https://")) {
      throw badParameter(`${place}.authority must be an https URL, not ${JSON.stringify(authority)}`);
    }
    return { authority, condition: readCondition(rest, place) };
  });
}

/** What of a condition a token's claims do not meet; empty when it is met. */
export function unmet(condition: Condition, claims: JWTPayload): readonly string[] {
  if ("allOf" in condition) return condition.allOf.flatMap((each) => unmet(each, claims));
  if ("anyOf" in condition) {
    const branches = condition.anyOf.map((each) => unmet(each, claims));
    return branches.some((branch) => branch.length === 0) ? [] : branches.flat();
  }
  const actual = claimOf(claims, condition.claim);
  return actual === condition.equals ? [] : [condition.claim];
}

function readCondition(value: unknown, place: string): Condition {
  const fields = record(value, place);
  const [key, ...others] = Object.keys(fields).filter((each) => each !== "equals");
  if (others.length > 0)
    throw badParameter(`${place}: one of allOf, anyOf or claim, not ${Object.keys(fields).join()}`);
  if (key === "allOf" || key === "anyOf") {
    const conditions = list(fields[key], `${place}.${key}`).map((each, index) =>
      readCondition(each, `${place}.${key}[${index}]`),
    );
    return key === "allOf" ? { allOf: conditions } : { anyOf: conditions };
  }
  const { claim, equals } = fields;
  if (typeof claim !== "string" || claim === "") throw badParameter(`${place}: allOf, anyOf or claim is missing`);
  if (typeof equals !== "string" && typeof equals !== "boolean" && typeof equals !== "number") {
    throw badParameter(`${place}.equals of ${claim} must be a string, a number or a boolean`);
  }
  return { claim, equals };
}

/** A claim by its own name, else by a path of names that dots separate. */
function claimOf(claims: Readonly<Record<string, unknown>>, name: string): unknown {
  if (name in claims) return claims[name];
  return name
    .split(".")
    .reduce<unknown>(
      (value, part) =>
        typeof value === "object" && value !== null ? (value as Record<string, unknown>)[part] : undefined,
      claims,
    );
}

function decode(data: string): unknown {
  try {
    return JSON.parse(Buffer.from(data, "base64url").toString("utf8"));
  } catch {
    throw badParameter("release_policy: data must be JSON in base64url");
  }
}

function record(value: unknown, place: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw badParameter(`${place} must be an object`);
  return value as Record<string, unknown>;
}

function list(value: unknown, place: string): readonly unknown[] {
  if (!Array.isArray(value) || value.length === 0)
    throw badParameter(`${place} must be a list with at least one entry`);
  return value as unknown[];
}
