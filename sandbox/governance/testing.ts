// For the tests of governance: three collaborators who call its REST face, and the documents they make.
import { startTestServices, type Person, type Reply, type TestServices } from "../testing";
import { collaborator } from "../world";

export let services: TestServices;
export const tokens = {} as Record<Person, string>;
let count = 0;

/** Starts the services before a file's tests and ends them after. */
export function useServices(): void {
  beforeAll(async () => {
    services = await startTestServices();
    for (const name of ["contosso", "litware", "fabrikam"] as const) tokens[name] = await services.token(name);
  });
  afterAll(() => services.end());
}

export interface Document {
  readonly version: string;
  readonly proposalId: string;
  readonly [key: string]: unknown;
}
export const oid = (name: Person): string => collaborator(name).userOid;
export const call = (who: Person, method: string, path: string, body?: unknown): Promise<Reply> =>
  services.call(method, `${services.governance.url}${path}`, { token: tokens[who], body });
export const approvers = (...names: Person[]): unknown[] =>
  names.map((name) => ({ approverId: oid(name), approverIdType: "user" }));
export const refusal = ({ status, body }: Reply): [number, string] => [
  status,
  (body as { error: { code: string } }).error.code,
];
export const newId = (): string => `document-${(count += 1)}`;

const content = { contractId: "analytics", data: "text", labels: { type: "test" }, approvers: [] as unknown[] };
export const put = (who: Person, id: string, change: Record<string, unknown> = {}): Promise<Reply> =>
  call(who, "PUT", `/userdocuments/${id}`, { ...content, ...change });
export const get = async (id: string): Promise<Document> =>
  (await call("litware", "GET", `/userdocuments/${id}`)).body as Document;
export const propose = (who: Person, id: string, version?: string): Promise<Reply> =>
  call(who, "POST", `/userdocuments/${id}/propose`, { version });
export const vote = (who: Person, id: string, proposalId: string, how = "accept"): Promise<Reply> =>
  call(who, "POST", `/userdocuments/${id}/vote_${how}`, { proposalId });

export async function draft(...names: Person[]): Promise<{ id: string; version: string }> {
  const id = newId();
  await put("fabrikam", id, { approvers: approvers(...names) });
  return { id, version: (await get(id)).version };
}

export async function proposed(...names: Person[]): Promise<{ id: string; version: string; proposalId: string }> {
  const { id, version } = await draft(...names);
  const { body } = await propose("fabrikam", id, version);
  return { id, version, proposalId: (body as Document).proposalId };
}

export async function accepted(...names: Person[]): Promise<{ id: string; version: string; proposalId: string }> {
  const document = await proposed(...names);
  for (const name of names) await vote(name, document.id, document.proposalId);
  return document;
}
