// Access of one identity to one container, and to nothing else.
import * as pulumi from "@pulumi/pulumi";
import { componentOptions } from "../options";
import { assignRole } from "./role";

export interface BlobAccessArgs {
  /** Azure resource id of the container. Another one replaces the assignment. */
  readonly containerId: pulumi.Input<string>;
  /** Object id of the identity. Another one replaces the assignment. */
  readonly principalId: pulumi.Input<string>;
  /**
   * `read` gives Storage Blob Data Reader, `write` Storage Blob Data Contributor. Another one replaces the assignment.
   * @default "read"
   */
  readonly accessMode?: "read" | "write";
}

/** The least role on one container that lets a clean room read a dataset, or write one. */
export class BlobAccess extends pulumi.ComponentResource {
  /** Azure resource id of the role assignment. */
  readonly roleAssignmentId: pulumi.Output<string>;

  constructor(name: string, args: BlobAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cleanroom:azure:BlobAccess", name, {}, componentOptions("BlobAccess", name, opts));
    const { containerId: scope, principalId, accessMode = "read" } = args;
    const role = accessMode === "write" ? "Storage Blob Data Contributor" : "Storage Blob Data Reader";
    const assignment = assignRole(
      `${name}-role`,
      { scope, role, principalId, principalType: "ServicePrincipal" },
      { parent: this },
    );
    this.roleAssignmentId = assignment.id;
    this.registerOutputs({ roleAssignmentId: this.roleAssignmentId });
  }
}
