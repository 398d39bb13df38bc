// The clouds as the data planes see them: look-ups over everything that the cloud providers have made, and the hooks
// by which a data plane takes part in its making.
import type {
  AccessKeyFacts,
  AccountFacts,
  BucketFacts,
  ContainerFacts,
  FederatedCredentialFacts,
  IdentityFacts,
  RoleAssignmentFacts,
  VaultFacts,
} from "./facts";
import * as facts from "./facts-of";
import type { CloudHooks } from "./hooks";
import { defaultHooks } from "./default-hooks";
import type { Lag } from "./lag";
import { Records, type Resource } from "./records";
import { tokens } from "./tokens";

export class CloudState {
  private registered: CloudHooks = defaultHooks();

  private constructor(readonly records: Records) {}

  /** @param lag by which role assignments, federated credentials, access keys and users' policies take effect */
  static async open(file: string, lag?: Lag): Promise<CloudState> {
    return new CloudState(await Records.open(file, lag));
  }

  /** What is registered takes the place of the defaults, which answer Azure's own addresses and hold nothing. */
  register(hooks: Partial<CloudHooks>): void {
    this.registered = { ...this.registered, ...hooks };
  }

  get hooks(): CloudHooks {
    return this.registered;
  }

  /** @returns undefined for one that is not there, or is soft-deleted */
  vault(name: string): VaultFacts | undefined {
    return this.vaults().find((each) => same(each.name, name));
  }

  vaults(): readonly VaultFacts[] {
    return this.records.list(tokens.vault).map((each) => this.reached(facts.vault(each)));
  }

  storageAccount(name: string): AccountFacts | undefined {
    return this.storageAccounts().find((each) => each.name === name);
  }

  storageAccounts(): readonly AccountFacts[] {
    return this.records.list(tokens.storageAccount).map((each) => this.reached(facts.account(each)));
  }

  container(account: string, name: string): ContainerFacts | undefined {
    const all = this.records.list(tokens.blobContainer).map(facts.container);
    return all.find((each) => each.account === account && each.name === name);
  }

  /** Managed identities, and applications that have a service principal. */
  identityByClientId(clientId: string): IdentityFacts | undefined {
    const identity = this.records.list(tokens.identity).find(({ outputs }) => same(outputs.clientId, clientId));
    if (identity !== undefined) return facts.identity(identity, this.credentialsOf(identity));
    const application = this.records.list(tokens.application).find(({ outputs }) => same(outputs.clientId, clientId));
    const principal = this.records
      .list(tokens.servicePrincipal)
      .find(({ outputs }) => same(outputs.clientId, clientId));
    if (application === undefined || principal === undefined) return undefined;
    return facts.application(principal, this.applicationCredentialsOf(application));
  }

  roleAssignments(): readonly RoleAssignmentFacts[] {
    return this.records.settled(tokens.roleAssignment).map(facts.roleAssignment);
  }

  bucket(name: string): BucketFacts | undefined {
    const found = this.records.list(tokens.bucket).find(({ id }) => id === name);
    const policy = this.records.list(tokens.bucketPolicy).find(({ inputs }) => inputs.bucket === name);
    return found && facts.bucket(found, policy);
  }

  /** @param account AWS account that they belong to */
  bucketsOf(account: string): readonly BucketFacts[] {
    const all = this.records.list(tokens.bucket).map((each) => facts.bucket(each));
    return all.filter((each) => each.account === account);
  }

  iamByAccessKey(accessKeyId: string): AccessKeyFacts | undefined {
    const key = this.records.settled(tokens.accessKey).find(({ id }) => id === accessKeyId);
    if (key === undefined) return undefined;
    const ofUser = ({ owner, inputs }: Resource): boolean => owner === key.owner && inputs.user === key.inputs.user;
    const user = this.records.get({ owner: key.owner, type: tokens.user, id: String(key.inputs.user) });
    return user && facts.accessKey(key, user, this.records.settled(tokens.userPolicy).filter(ofUser));
  }

  close(): Promise<void> {
    return this.records.close();
  }

  private reached<F extends VaultFacts | AccountFacts>(given: F): F {
    const { network, id } = given;
    const endpoints = network === undefined ? [] : this.records.list(tokens.privateEndpoint);
    return endpoints.some((each) => facts.leadsTo(each, id))
      ? { ...given, network: { ...network, privately: true } }
      : given;
  }

  private credentialsOf(identity: Resource): readonly FederatedCredentialFacts[] {
    const below = `${identity.id}/federatedIdentityCredentials/`.toLowerCase();
    const credentials = this.records.settled(tokens.federatedCredential);
    return credentials.filter(({ id }) => id.toLowerCase().startsWith(below)).map(facts.federatedCredential);
  }

  private applicationCredentialsOf(application: Resource): readonly FederatedCredentialFacts[] {
    const credentials = this.records.settled(tokens.applicationCredential);
    return credentials
      .filter(({ owner, inputs }) => owner === application.owner && same(inputs.applicationId, application.id))
      .map(facts.federatedCredential);
  }
}

const same = (a: unknown, b: string): boolean => typeof a === "string" && a.toLowerCase() === b.toLowerCase();
