// A local role of a Managed HSM, given to one identity at one scope. Azure Resource Manager knows nothing of these.
import { CleanRoomError } from "../errors";
import type { Handler } from "../handler";
import { say } from "../log";
import { isKnown } from "../model/unknown";
import { shown } from "../model/validate";
import { HSM_ROLES, ManagedHsm, type HsmAssignment } from "../services/managed-hsm";

export interface HsmRoleAssignmentInputs extends HsmAssignment {
  readonly collaboration?: string;
  /** `https://<hsm>.managedhsm.azure.net/` */
  readonly hsmUrl: string;
}

interface Observed {
  /** Who has it. */
  readonly assignee: string;
}

const GUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const SCOPE = /^\/keys(\/[A-Za-z0-9-]{1,127})?$/;

export const hsmRoleAssignment: Handler<HsmRoleAssignmentInputs, Observed> = {
  inputs: ["collaboration", "hsmUrl", "name", "scope", "role", "principalId"],
  replaceOn: ["collaboration", "hsmUrl", "name", "scope", "role", "principalId"],
  elsewhere: true,

  idOf: (_room, news) => Promise.resolve(idOf(news)),

  check({ name, scope, role }) {
    const problems: string[] = [];
    if (isKnown(name) && !GUID.test(name)) {
      problems.push(`name is '${shown(name)}': a role assignment's name is a GUID.`);
    }
    if (isKnown(scope) && !SCOPE.test(scope)) {
      problems.push(`scope is '${shown(scope)}': give /keys, or /keys/<name> for one key.`);
    }
    if (isKnown(role) && !Object.hasOwn(HSM_ROLES, role)) {
      problems.push(`role is '${shown(role)}': use one of ${Object.keys(HSM_ROLES).join(", ")}.`);
    }
    return problems;
  },

  isPending: () => Promise.resolve(false),

  async create(_room, news) {
    const hsm = new ManagedHsm(news.hsmUrl);
    if ((await hsm.assignee(news)) === undefined) {
      const isNew = await hsm.assign(news);
      // After a lost answer it is there by our own doing: looking tells.
      if ((await hsm.assignee(news)) === undefined) {
        requireOthers(isNew, news);
      }
    }
    return { id: idOf(news), state: { assignee: news.principalId } };
  },

  update: (_room, _id, { assignee }) => Promise.resolve({ assignee }),

  async read(_room, _id, state) {
    const assignee = await new ManagedHsm(state.hsmUrl).assignee(state);
    return assignee === undefined ? undefined : { assignee };
  },

  delete: (_room, _id, state) => new ManagedHsm(state.hsmUrl).unassign(state),
};

function requireOthers(isNew: boolean, { role, scope, name }: HsmRoleAssignmentInputs): void {
  if (isNew) {
    throw new CleanRoomError(
      `The HSM took role assignment '${name}' (${role} on ${scope}), but does not show it. Run \`pulumi up\` again.`,
    );
  }
  say(`Role '${role}' on ${scope} is given already, under another name: it is left as it is.`);
}

function idOf({ hsmUrl, scope, name }: HsmRoleAssignmentInputs): string {
  return `${hsmUrl.replace(/\/$/, "")}${scope}/roleAssignments/${name}`;
}
