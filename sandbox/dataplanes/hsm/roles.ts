// Local roles of a Managed HSM: its own assignments, which Azure Resource Manager knows nothing of. Names, ids and what
// each may do are those of Azure's documentation of the HSM's built-in roles.
import { randomUUID } from "node:crypto";
import { Journal } from "../../journal";

export interface Assignment {
  readonly name: string;
  /** `/`, `/keys` or `/keys/<name>`. */
  readonly scope: string;
  readonly roleDefinitionId: string;
  readonly principalId: string;
}

type Entry =
  { readonly hsm: string; readonly assigned: Assignment } | { readonly hsm: string; readonly removed: string };

interface LocalRole {
  readonly name: string;
  readonly id: string;
  readonly may: (action: string) => boolean;
}

const GIVES_ROLES = /^roleAssignments\//;
/** Also what only an officer may do with keys. */
const OF_OFFICERS = /^keys\/(purge|recover|release)\/action$/;

const ROLES: readonly LocalRole[] = [
  {
    name: "Managed HSM Administrator",
    id: "a290e904-7015-4bba-90c8-60543313cdb4",
    may: (action) => GIVES_ROLES.test(action),
  },
  {
    name: "Managed HSM Crypto Officer",
    id: "515eb02d-2335-4d2d-92f2-b1cbdf9c3778",
    may: (action) => GIVES_ROLES.test(action) || OF_OFFICERS.test(action),
  },
  {
    name: "Managed HSM Crypto User",
    id: "21dbd100-6940-42c2-9190-5d6cb909625b",
    may: (action) => action.startsWith("keys/") && !OF_OFFICERS.test(action),
  },
  {
    name: "Managed HSM Policy Administrator",
    id: "4bd23610-cdcf-4971-bdee-bdc562cc28e4",
    may: (action) => GIVES_ROLES.test(action),
  },
  {
    name: "Managed HSM Crypto Auditor",
    id: "2c18b078-7c48-4d3a-af88-5a3a1b3f82b3",
    may: (action) => action === "keys/read",
  },
  {
    name: "Managed HSM Crypto Service Release User",
    id: "21dbd100-6940-42c2-9190-5d6cb909625c",
    may: (action) => action === "keys/release/action",
  },
];

export const ADMINISTRATOR = "a290e904-7015-4bba-90c8-60543313cdb4";
const DEFINITION = "Microsoft.KeyVault/providers/Microsoft.Authorization/roleDefinitions/";

export const definitionOf = (id: string): string => `${DEFINITION}${id}`;

export const isRole = (definition: string): boolean => ROLES.some(({ id }) => definitionOf(id) === definition);

export const rolesFor = (action: string): readonly string[] =>
  ROLES.filter(({ may }) => may(action)).map(({ name }) => name);

/** The assignments of all HSMs, by name; every change is on the disk before it is answered. */
export class LocalRoles {
  private constructor(
    private readonly journal: Journal<Entry>,
    private readonly hsms: ReadonlyMap<string, Map<string, Assignment>>,
  ) {}

  /** @param administrators by HSM, who administers it from the beginning */
  static async open(file: string, administrators: Readonly<Record<string, readonly string[]>>): Promise<LocalRoles> {
    const hsms = new Map(
      Object.entries(administrators).map(([hsm, ids]) => [
        hsm,
        new Map(
          ids.map((principalId): readonly [string, Assignment] => {
            const name = randomUUID();
            return [name, { name, scope: "/", roleDefinitionId: definitionOf(ADMINISTRATOR), principalId }];
          }),
        ),
      ]),
    );
    const apply = (entry: Entry): void => {
      const known = hsms.get(entry.hsm);
      if ("assigned" in entry) known?.set(entry.assigned.name, entry.assigned);
      else known?.delete(entry.removed);
    };
    return new LocalRoles(await Journal.open<Entry>(file, apply), hsms);
  }

  of(hsm: string): readonly Assignment[] {
    return [...(this.hsms.get(hsm)?.values() ?? [])];
  }

  assign(hsm: string, assigned: Assignment): Promise<void> {
    return this.journal.append({ hsm, assigned });
  }

  remove(hsm: string, name: string): Promise<void> {
    return this.journal.append({ hsm, removed: name });
  }

  isAllowed(hsm: string, principalId: string, action: string, scope: string): boolean {
    return this.of(hsm).some(
      (each) =>
        each.principalId.toLowerCase() === principalId.toLowerCase() &&
        contains(each.scope, scope) &&
        ROLES.some(({ id, may }) => definitionOf(id) === each.roleDefinitionId && may(action)),
    );
  }

  close(): Promise<void> {
    return this.journal.close();
  }
}

const contains = (outer: string, inner: string): boolean =>
  outer === "/" ||
  outer.toLowerCase() === inner.toLowerCase() ||
  inner.toLowerCase().startsWith(`${outer.toLowerCase()}/`);
