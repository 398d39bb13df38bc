// What the sandbox knows of Fabric, which nothing here provisions: each collaborator has one workspace with one lakehouse.
// Its people and its pipeline may do everything there; whoever else is to read or write is given the right by hand.
import { Journal } from "../../journal";
import { type Collaborator, collaborators } from "../../world";

/** ReadAll of the lakehouse reads its files; the workspace's role Contributor writes them, too. */
export type FabricRight = "ReadAll" | "Contributor";

export interface FabricGrant {
  readonly workspace: string;
  /** Object id of an identity. */
  readonly principalId: string;
  /** Left out: taken away. */
  readonly right?: FabricRight;
}

export const LAKEHOUSE = "data.Lakehouse";
/** Folders of a lakehouse that Fabric itself manages: what is in them is the user's. */
export const MANAGED_FOLDERS: readonly string[] = ["Files", "Tables"];

export const workspaceOf = ({ name }: Pick<Collaborator, "name">): string => `${name}-workspace`;

export class Fabric {
  private constructor(
    private readonly journal: Journal<FabricGrant>,
    private readonly grants: Map<string, FabricRight>,
  ) {}

  static async open(file: string): Promise<Fabric> {
    const grants = new Map<string, FabricRight>();
    const journal = await Journal.open<FabricGrant>(file, ({ workspace, principalId, right }) => {
      const id = idOf(workspace, principalId);
      if (right === undefined) grants.delete(id);
      else grants.set(id, right);
    });
    return new Fabric(journal, grants);
  }

  /** Whose the workspace is; undefined when there is none of this name. */
  owner(workspace: string): Collaborator | undefined {
    return collaborators.find((each) => workspaceOf(each) === workspace);
  }

  /** @throws RangeError when there is no such workspace */
  async grant(grant: FabricGrant): Promise<void> {
    if (this.owner(grant.workspace) === undefined) {
      const names = collaborators.map(workspaceOf).join(", ");
      throw new RangeError(`there is no workspace ${JSON.stringify(grant.workspace)}; the sandbox has ${names}`);
    }
    await this.journal.append(grant);
  }

  may(oid: string, workspace: string, writes: boolean): boolean {
    const { userOid, pipelineOid } = this.owner(workspace) ?? {};
    if (oid === userOid || oid === pipelineOid) return true;
    const right = this.grants.get(idOf(workspace, oid));
    return right === "Contributor" || (right === "ReadAll" && !writes);
  }

  close(): Promise<void> {
    return this.journal.close();
  }
}

const idOf = (workspace: string, principalId: string): string => `${workspace}/${principalId.toLowerCase()}`;
