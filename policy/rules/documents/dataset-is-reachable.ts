// What a dataset's document names belongs together, from the identity to the key: the clean room can read it.
import { cleanRoom, defineRule, mcsb, type Resource, type StackContext } from "../../framework";
import {
  FEDERATED_CREDENTIAL,
  IDENTITY,
  KEY,
  ROLE_ASSIGNMENT,
  roleOf,
  type FederatedCredentialInputs,
  type RoleAssignmentInputs,
} from "../../resources/azure";
import { CONTRACT_SECRET, DATASET_DOCUMENT, type DatasetInputs } from "../../resources/clean-room";

export const datasetIsReachable = defineRule({
  code: "dataset-is-reachable",
  group: "documents",
  title: "A dataset's store, identity, key and federation belong together.",
  risk: "The document is published for good, and every query over it fails in the clean room, where nobody can look.",
  remedy:
    "Use AzureDataset, OneLakeDataset or S3Dataset, which make the parts fit, or correct what the document names.",
  references: [mcsb("IM-3"), cleanRoom("what Azure and AWS need, so that the clean room can read")],
  judgeStack: (context) =>
    context.eachOf([DATASET_DOCUMENT], (document, { report }) => {
      const { store } = document.inputs as DatasetInputs;
      const problem =
        store?.storageAccountType === "Aws_S3" ? bucketProblem(document, context) : azureProblem(document, context);
      if (problem !== undefined) {
        report(problem);
      }
    }),
});

type Stack = Pick<StackContext<unknown>, "of">;

function bucketProblem(document: Resource, { of }: Stack): string | undefined {
  const { store, dek } = document.inputs as DatasetInputs;
  const secretIds = of(CONTRACT_SECRET).map(({ outputs }) => outputs.secretId);
  if (!store?.awsCgsSecretId) {
    return "names no governance secret with the connection to its bucket (awsCgsSecretId)";
  }
  // A secret of another owner can't be read by this one's clean room; one of another stack can't be seen from here.
  const ours =
    secretIds.length > 0 && [store.awsCgsSecretId, dek?.cgsSecretId].find((id) => id && !secretIds.includes(id));
  return ours ? `names the governance secret '${ours}', which is none of this stack's` : undefined;
}

function azureProblem(document: Resource, stack: Stack): string | undefined {
  const { store, identity, kek, federatedSubject } = document.inputs as DatasetInputs;
  if (store?.containerName === undefined || identity?.clientId === undefined) {
    return `names no ${store?.containerName === undefined ? "container" : "identity"}`;
  }
  const found = stack.of(IDENTITY).find(({ outputs }) => outputs.clientId === identity.clientId);
  if (found === undefined) {
    const others = stack.of(IDENTITY).map(({ outputs }) => outputs.name);
    return others.includes(identity.name)
      ? `names identity '${identity.name ?? ""}' with the client id ${identity.clientId}, which is another one's`
      : undefined;
  }
  return (
    federationProblem(identity.name, federatedSubject, identity.issuerUrl, stack) ??
    // Who may read a workspace Fabric knows alone.
    roleProblem(
      found,
      store.storageAccountType === "Azure_OneLake" ? undefined : store.containerName,
      kek?.secretId,
      stack,
    )
  );
}

function federationProblem(name: unknown, subject: unknown, issuer: unknown, { of }: Stack): string | undefined {
  const credentials = of(FEDERATED_CREDENTIAL)
    .map(({ inputs }) => inputs as FederatedCredentialInputs)
    .filter(({ resourceName }) => resourceName === name);
  if (credentials.length === 0) {
    return `names identity '${String(name)}', which has no federated credential: the clean room can't sign in`;
  }
  const fits = credentials.some(
    (credential) => credential.issuer === issuer && (subject === undefined || credential.subject === subject),
  );
  return fits
    ? undefined
    : `names identity '${String(name)}', whose federated credential has another issuer or subject`;
}

function roleProblem(
  identity: Resource,
  container: string | undefined,
  kek: string | undefined,
  { of }: Stack,
): string | undefined {
  const held = of(ROLE_ASSIGNMENT)
    .map(({ inputs }) => inputs as RoleAssignmentInputs)
    .filter(({ principalId }) => principalId === identity.outputs.principalId);
  if (container !== undefined && !held.some(({ scope }) => scope?.endsWith(`/containers/${container}`))) {
    return `names container '${container}', on which its identity has no role`;
  }
  const keys = of(KEY).filter(({ inputs, name }) => (inputs.keyName ?? name) === kek);
  const releases = held.some(
    (role) => role.scope?.endsWith(`/keys/${kek ?? ""}`) === true && /Release/.test(roleOf(role)),
  );
  return keys.length > 0 && !releases
    ? `names the key '${kek ?? ""}', which its identity may not have released`
    : undefined;
}
