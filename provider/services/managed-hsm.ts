// A Managed HSM's data plane: keys are made there, since Azure Resource Manager makes none, and roles are the HSM's own.
import type { ReleasePolicy } from "../../contract";
import { RefusedError } from "../errors";
import { KeyVault } from "./key-vault";
import { fieldsOf, textOf } from "./shape";

/** Local roles that this package assigns (Managed HSM documentation, local RBAC built-in roles). */
export const HSM_ROLES = {
  "Managed HSM Crypto User": "21dbd100-6940-42c2-9190-5d6cb909625b",
  "Managed HSM Crypto Service Release User": "21dbd100-6940-42c2-9190-5d6cb909625c",
} as const;

export interface NewKey {
  readonly keyName: string;
  /** Bits. */
  readonly keySize: number;
  /** Seconds since 1970. */
  readonly expires?: number;
  readonly releasePolicy: ReleasePolicy;
}

export interface HsmAssignment {
  /** GUID. */
  readonly name: string;
  /** `/keys`, or `/keys/<name>`. */
  readonly scope: string;
  readonly role: keyof typeof HSM_ROLES;
  /** Object id. */
  readonly principalId: string;
}

export class ManagedHsm extends KeyVault {
  constructor(url: string) {
    super(url, "hsm");
  }

  /** Makes an exportable RSA-HSM key; one that was deleted comes back as it was. Only where there is none: another version would not unwrap. */
  async createKey({ keyName, keySize, expires, releasePolicy }: NewKey): Promise<void> {
    const step = `create key '${keyName}'`;
    const data = Buffer.from(JSON.stringify(releasePolicy), "utf8").toString("base64url");
    const body = {
      kty: "RSA-HSM",
      key_size: keySize,
      key_ops: ["encrypt", "wrapKey"],
      attributes: { enabled: true, exportable: true, ...(expires === undefined ? {} : { exp: expires }) },
      release_policy: { contentType: "application/json; charset=utf-8", data },
    };
    try {
      await this.send({ method: "POST", path: `keys/${keyName}/create`, step, body });
    } catch (error) {
      // Its code is that of every conflict.
      const isDeleted =
        error instanceof RefusedError && error.status === 409 && /deleted but recoverable/i.test(error.said);
      if (!isDeleted) {
        throw error;
      }
      const recover = `recover deleted key '${keyName}'`;
      await this.send({ method: "POST", path: `deletedkeys/${keyName}/recover`, step: recover, idempotent: true });
    }
  }

  /** Deletes it; the HSM keeps it for as long as it is set to. One that is not there is no fault. */
  async deleteKey(name: string): Promise<void> {
    const step = `delete key '${name}'`;
    await this.send({ method: "DELETE", path: `keys/${name}`, step, absentCode: "KeyNotFound" });
  }

  /** Who has the assigned role, or undefined when there is no such assignment. */
  async assignee({ name, scope }: Pick<HsmAssignment, "name" | "scope">): Promise<string | undefined> {
    const { status, body, where } = await this.send({
      method: "GET",
      path: pathOf(scope, name),
      step: `read role assignment '${name}'`,
      absentCode: "RoleAssignmentNotFound",
    });
    return status === 404 ? undefined : textOf(fieldsOf(fieldsOf(body, where).properties, where), "principalId", where);
  }

  /** @returns false where the identity has this very role on this very scope already, under another name */
  async assign({ name, scope, role, principalId }: HsmAssignment): Promise<boolean> {
    const roleDefinitionId = `Microsoft.KeyVault/providers/Microsoft.Authorization/roleDefinitions/${HSM_ROLES[role]}`;
    const body = { properties: { roleDefinitionId, principalId } };
    try {
      await this.send({ method: "PUT", path: pathOf(scope, name), step: `assign role '${role}' on ${scope}`, body });
      return true;
    } catch (error) {
      if (error instanceof RefusedError && error.status === 409 && error.code === "RoleAssignmentExists") {
        return false;
      }
      throw error;
    }
  }

  async unassign({ name, scope }: Pick<HsmAssignment, "name" | "scope">): Promise<void> {
    const step = `remove role assignment '${name}'`;
    await this.send({ method: "DELETE", path: pathOf(scope, name), step, absentCode: "RoleAssignmentNotFound" });
  }
}

function pathOf(scope: string, name: string): string {
  return `${scope.replace(/^\//, "")}/providers/Microsoft.Authorization/roleAssignments/${name}`;
}
