// Who and what the sandbox's world consists of: three collaborators, one collaboration, one contract and the
// measurement of one clean room. Constants, so that every sandbox, test and example speaks of the same ones.

/** One organisation of the collaboration, with the account ids that its clouds and its sign-in know it by. */
export interface Collaborator {
  /** Lower-case name: of the stack, of the state folder and of every command's argument. */
  readonly name: string;
  /** Microsoft Entra tenant. */
  readonly tenantId: string;
  /** Object id of the collaborator's user: the id that governance knows the collaborator by. */
  readonly userOid: string;
  /** Object id of the pipeline's service principal. */
  readonly pipelineOid: string;
  readonly upn: string;
  readonly subscriptionId: string;
  readonly awsAccountId: string;
}

export const collaborators: readonly Collaborator[] = [
  {
    name: "contosso",
    tenantId: "c0a70550-0000-4000-8000-000000000001",
    userOid: "c0a70550-0000-4000-8000-0000000000a1",
    pipelineOid: "c0a70550-0000-4000-8000-0000000000b1",
    upn: "alex@contosso.example",
    subscriptionId: "c0a70550-0000-4000-8000-0000000000c1",
    awsAccountId: "100000000001",
  },
  {
    name: "litware",
    tenantId: "117aa4e0-0000-4000-8000-000000000002",
    userOid: "117aa4e0-0000-4000-8000-0000000000a2",
    pipelineOid: "117aa4e0-0000-4000-8000-0000000000b2",
    upn: "kim@litware.example",
    subscriptionId: "117aa4e0-0000-4000-8000-0000000000c2",
    awsAccountId: "200000000002",
  },
  {
    name: "fabrikam",
    tenantId: "fab71ca0-0000-4000-8000-000000000003",
    userOid: "fab71ca0-0000-4000-8000-0000000000a3",
    pipelineOid: "fab71ca0-0000-4000-8000-0000000000b3",
    upn: "robin@fabrikam.example",
    subscriptionId: "fab71ca0-0000-4000-8000-0000000000c3",
    awsAccountId: "300000000003",
  },
];

/** @throws when nobody of that name takes part; the message names those who do. */
export function collaborator(name: string): Collaborator {
  const found = collaborators.find((each) => each.name === name);
  if (found === undefined) {
    const names = collaborators.map((each) => each.name).join(", ");
    throw new Error(`no collaborator is called ${JSON.stringify(name)}; the sandbox knows ${names}`);
  }
  return found;
}

export const collaboration = {
  id: "5b0c1a7e-0000-4000-8000-00000000c011",
  name: "market-insights",
  /** The collaborator in whose subscription the clean room's governance runs. */
  ownerName: "litware",
} as const;

export const contractId = "analytics";

/** Audience of the tokens that governance and frontend take: those of Azure Resource Manager, which `az` hands out. */
export const serviceAudience = "https://management.azure.com";

/** SHA-256 of the clean room's security policy (its SEV-SNP host data), in lower-case hexadecimal. */
export const cleanRoomHostData = "9f0c3d5e7a1b42688d24e6f1907c5ab3d4e8f6021b3c597e80a1d2c4f3b5e697";

/** The constants above as one value, for those who are handed a context. */
export const world = { collaborators, collaborator, collaboration, contractId, cleanRoomHostData } as const;
export type World = typeof world;
