// IAM policy documents from statements, in the form that the real provider writes them.
import { createHash } from "node:crypto";
import { type CloudFunction, list, object, text, typed } from "../protocol";

interface Statement {
  readonly sid?: string;
  readonly effect?: string;
  readonly actions?: readonly string[];
  readonly notActions?: readonly string[];
  readonly resources?: readonly string[];
  readonly notResources?: readonly string[];
  readonly conditions?: readonly {
    readonly test: string;
    readonly variable: string;
    readonly values: readonly string[];
  }[];
}

export const getPolicyDocument: CloudFunction = {
  token: "aws:iam/getPolicyDocument:getPolicyDocument",
  file: "sandbox/clouds/aws/policy-document.ts",
  inputs: {
    policyId: typed,
    statements: list(
      object({
        actions: typed,
        conditions: list(object({ test: typed, values: typed, variable: typed })),
        effect: text("Allow", "Deny"),
        notActions: typed,
        notResources: typed,
        resources: typed,
        sid: typed,
      }),
    ),
    version: text("2012-10-17", "2008-10-17"),
  },
  call: (_, { policyId, statements = [], version = "2012-10-17" }) => {
    const given = statements as readonly Statement[];
    const document = { Version: version, ...(policyId !== undefined && { Id: policyId }), Statement: given.map(write) };
    const json = JSON.stringify(document, undefined, 2);
    const minifiedJson = JSON.stringify(document);
    const id = String(createHash("sha256").update(json).digest().readUInt32BE(0));
    return { id, json, minifiedJson, statements: given, version, ...(policyId !== undefined && { policyId }) };
  },
};

function write({
  sid,
  effect = "Allow",
  actions,
  notActions,
  resources,
  notResources,
  conditions,
}: Statement): unknown {
  return {
    ...(sid && { Sid: sid }),
    Effect: effect,
    ...(actions && { Action: oneOrMany(actions) }),
    ...(notActions && { NotAction: oneOrMany(notActions) }),
    ...(resources && { Resource: oneOrMany(resources) }),
    ...(notResources && { NotResource: oneOrMany(notResources) }),
    ...(conditions && conditions.length > 0 && { Condition: writeConditions(conditions) }),
  };
}

/** A single value stands without its list; several are sorted the other way round, as the real provider does. */
const oneOrMany = (values: readonly string[]): unknown =>
  values.length === 1 ? values[0] : [...values].sort().reverse();

function writeConditions(conditions: NonNullable<Statement["conditions"]>): unknown {
  const result: Record<string, Record<string, unknown>> = {};
  for (const { test, variable, values } of conditions) {
    result[test] = { ...result[test], [variable]: oneOrMany(values) };
  }
  return result;
}
