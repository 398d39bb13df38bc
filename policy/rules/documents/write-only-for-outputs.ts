// What queries read, they cannot write.
import { cleanRoom, defineRule, mcsb, type Resource, type StackContext } from "../../framework";
import { listOf, statementsOf, USER_POLICY } from "../../resources/aws";
import { IDENTITY, ROLE_ASSIGNMENT, roleOf, type RoleAssignmentInputs } from "../../resources/azure";
import {
  DATASET_DOCUMENT,
  QUERY_DRAFT,
  type DatasetInputs,
  type DatasetOutputs,
  type QueryInputs,
} from "../../resources/clean-room";

const WRITES = /^s3:(?:Put|Delete|Restore|Abort|\*)/;

export const writeOnlyForOutputs = defineRule({
  code: "write-only-for-outputs",
  group: "documents",
  title: "Write access is given to the outputs of queries only.",
  risk: "A query could change the data that later queries, and other collaborators, rely on, or leave one's data in another's store.",
  remedy:
    "Set accessMode to read for what queries read, with a role or policy that reads; write is for a query's output.",
  references: [mcsb("PA-7"), cleanRoom("reader for a read dataset, contributor for a write one")],
  judgeStack: (context) => {
    const { of, eachOf } = context;
    eachOf([DATASET_DOCUMENT], (document, { report }) => {
      const { datasetAccessPolicy } = document.inputs as DatasetInputs;
      const mode = datasetAccessPolicy?.accessMode;
      if (mode === undefined) {
        report("does not say its accessMode");
      } else if (mode === "write") {
        const query = of(QUERY_DRAFT).find((draft) => reads(draft, document));
        if (query !== undefined) {
          report(`has the accessMode write, and ${query.label} reads it`);
        }
      } else {
        const grant = writeGrantOf(document, context);
        if (grant !== undefined) {
          report(`has the accessMode read, but ${grant} lets it be written`);
        }
      }
    });
  },
});

function reads(draft: Resource, document: Resource): boolean {
  const { documentId } = document.outputs as DatasetOutputs;
  return ((draft.inputs as QueryInputs).inputs ?? []).some((input) => input.documentId === documentId);
}

/** What lets the clean room write the dataset's store. */
function writeGrantOf(document: Resource, { of }: Pick<StackContext<unknown>, "of">): string | undefined {
  const { store, identity } = document.inputs as DatasetInputs;
  const container = store?.containerName;
  if (container === undefined) {
    return undefined;
  }
  const holders = of(IDENTITY).filter(({ outputs }) => outputs.clientId === identity?.clientId);
  const role = of(ROLE_ASSIGNMENT).find(({ inputs }) => {
    const assignment = inputs as RoleAssignmentInputs;
    return (
      assignment.scope?.endsWith(`/containers/${container}`) === true &&
      /Contributor|Owner/.test(roleOf(assignment)) &&
      holders.some(({ outputs }) => outputs.principalId === assignment.principalId)
    );
  });
  const policy = of(USER_POLICY).find(({ inputs }) =>
    statementsOf(inputs.policy)?.some(
      ({ Effect, Action, Resource }) =>
        Effect === "Allow" &&
        listOf(Action).some((action) => WRITES.test(action)) &&
        listOf(Resource).some((resource) => resource.startsWith(`arn:aws:s3:::${container}/`)),
    ),
  );
  return (role ?? policy)?.label;
}
