// Which federated credentials a managed identity has, compared with those that a program wants: a second one of the same
// issuer and subject is refused by Azure, and so is one above the twentieth.
import { InvalidInputError } from "../errors";
import type { CleanRoom } from "../services/clean-room";
import { ResourceManager, type FederatedCredential } from "../services/resource-manager";

/** As many as Azure takes on one identity (Microsoft Entra, workload identity federation). */
export const MOST_CREDENTIALS = 20;

export interface WantedCredential {
  /** The name it is to have. */
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
}

/** The names, one for each that is wanted, under which an equal one is there already; undefined where there is none. */
export async function findFederatedCredentials(
  room: CleanRoom,
  identityId: string,
  wanted: readonly WantedCredential[],
): Promise<readonly (string | undefined)[]> {
  const there = await new ResourceManager(room.settings.resourceManagerUrl).federatedCredentials(identityId);
  const equal = wanted.map((each) => equalOf(each, there, identityId));
  const names = new Set(there.map(({ name }) => name.toLowerCase()));
  const missing = wanted.filter(({ name }, index) => equal[index] === undefined && !names.has(name.toLowerCase()));
  if (there.length + missing.length > MOST_CREDENTIALS) {
    throw new InvalidInputError(
      `Identity '${identityId}' has ${there.length} federated credentials, and ${missing.length} more would be made: Azure takes ${MOST_CREDENTIALS} on one identity. Delete those that nobody signs in with, or use another identity.`,
    );
  }
  return equal;
}

function equalOf(
  { name, issuer, subject, audience }: WantedCredential,
  there: readonly FederatedCredential[],
  identityId: string,
): string | undefined {
  const same = there.find((each) => each.issuer === issuer && each.subject === subject);
  // Under its own name it is the program's, and is brought to what the program says.
  if (same === undefined || same.name.toLowerCase() === name.toLowerCase()) {
    return undefined;
  }
  if (!same.audiences.includes(audience)) {
    throw new InvalidInputError(
      `Identity '${identityId}' has a federated credential '${same.name}' of this issuer and subject, but for the audience '${same.audiences.join(", ")}', not '${audience}': the clean room can't sign in with it, and Azure takes no second one. Delete it, or correct its audience.`,
    );
  }
  return same.name;
}
