// Who signs in as an identity reads the data of one owner alone.
import { cleanRoom, defineRule, mcsb } from "../../framework";
import { FEDERATED_CREDENTIAL, partsOfSubject, type FederatedCredentialInputs } from "../../resources/azure";
import { DATASET_DOCUMENT, type DatasetInputs, type DatasetOutputs } from "../../resources/clean-room";

export const identityServesOneOwner = defineRule({
  code: "identity-serves-one-owner",
  group: "identities",
  title: "One identity is not shared by datasets of different owners.",
  risk: "A query that one owner approved would sign in with rights on the other owner's data.",
  remedy: "Give each owner's datasets a WorkloadIdentity of their own.",
  references: [mcsb("IM-3"), cleanRoom("the clean room signs in as the dataset's identity")],
  judgeStack: ({ of, each, report }) => {
    const owners = new Map<string, string>();
    const claim = (
      identity: string | undefined,
      owner: string | undefined,
      complain: (other: string) => void,
    ): void => {
      if (identity === undefined || owner === undefined) {
        return;
      }
      const other = owners.get(identity);
      owners.set(identity, other ?? owner);
      if (other !== undefined && other !== owner) {
        complain(other);
      }
    };
    each(
      of(FEDERATED_CREDENTIAL),
      (credential) => {
        const { resourceName, subject } = credential.inputs as FederatedCredentialInputs;
        const owner = partsOfSubject(subject ?? "")?.ownerId;
        claim(resourceName, owner, (other) =>
          report(
            `is trusted for the owner ${owner ?? ""}, and identity '${resourceName ?? ""}' serves the owner ${other}`,
            {
              of: credential,
            },
          ),
        );
      },
      (credential) => credential,
    );
    each(
      of(DATASET_DOCUMENT),
      (document) => {
        const { identity } = document.inputs as DatasetInputs;
        if (identity?.name === undefined) {
          return;
        }
        const { ownerId } = document.outputs as DatasetOutputs;
        claim(identity.name, ownerId, (other) =>
          report(`belongs to ${ownerId ?? ""}, and its identity '${identity.name ?? ""}' serves the owner ${other}`, {
            of: document,
          }),
        );
      },
      (document) => document,
    );
  },
});
