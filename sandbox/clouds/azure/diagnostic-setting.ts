// Diagnostic settings: which logs of a resource go where. The resource has to be there; the workspace is Azure's business
// and in no sandbox, so its id is only looked at.
import { ServiceError } from "../../http";
import { type Cloud, list, type Model, object, required, textThat, typed } from "../protocol";
import { tokens } from "../tokens";
import { badRequest, without } from "./arm";

const WORKSPACE =
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.OperationalInsights\/workspaces\/[^/]+$/i;

const isWorkspace = (value: string): string | undefined =>
  WORKSPACE.test(value) ? undefined : `${JSON.stringify(value)} is no id of a Log Analytics workspace`;

/** Categories of logs, by the kind of what has them (Azure Monitor, supported resource logs). */
const CATEGORIES: readonly (readonly [RegExp, readonly string[]])[] = [
  [/\/vaults\/[^/]+$/i, ["AuditEvent", "AzurePolicyEvaluationDetails"]],
  [/\/blobServices\/default$/i, ["StorageRead", "StorageWrite", "StorageDelete"]],
];

export const diagnosticSetting: Model = {
  type: tokens.diagnosticSetting,
  file: "sandbox/clouds/azure/diagnostic-setting.ts",
  inputs: {
    logs: list(object({ category: typed, enabled: typed })),
    name: typed,
    resourceUri: typed,
    workspaceId: required(textThat(isWorkspace)),
  },
  autoname: { property: "name", unique: true, make: (name, random) => name + random(8) },
  replaceOn: ["name", "resourceUri"],
  computed: ["azureApiVersion", "type"],
  echo: (inputs) => without(inputs, "resourceUri"),
  create: (cloud, inputs) => {
    const { resourceUri, name, logs } = inputs;
    check(cloud, String(resourceUri), logs);
    const id = `${String(resourceUri)}/providers/microsoft.insights/diagnosticSettings/${String(name)}`;
    const outputs = { azureApiVersion: "2021-05-01-preview", type: "Microsoft.Insights/diagnosticSettings" };
    return Promise.resolve({ id, outputs });
  },
  update: (cloud, _, { resourceUri, logs }) => {
    check(cloud, String(resourceUri), logs);
    return Promise.resolve({ outputs: {} });
  },
};

/** @throws ServiceError 404 for a resource that is not there, 400 for logs that it does not have */
function check({ state, collaborator }: Cloud, resourceUri: string, logs: unknown): void {
  const account = resourceUri.replace(/\/blobServices\/default$/i, "");
  const isThere = state.records
    .all()
    .some((each) => each.owner === collaborator.name && each.id.toLowerCase() === account.toLowerCase());
  if (!isThere) throw new ServiceError(404, "ResourceNotFound", `The Resource '${resourceUri}' was not found.`);
  const known = CATEGORIES.find(([pattern]) => pattern.test(resourceUri))?.[1] ?? [];
  const categories = ((logs ?? []) as readonly { readonly category?: string }[]).map(({ category }) => category ?? "");
  const unknown = categories.find((category) => !known.includes(category));
  if (unknown !== undefined) {
    throw badRequest(`Category '${unknown}' is not supported, supported ones are: ${known.join(", ") || "none"}.`);
  }
}
