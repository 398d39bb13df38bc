// The clean rooms that may sign in as a managed identity: one federated credential each, written one after the other,
// and none where an equal one is there already.
import { setTimeout as sleep } from "node:timers/promises";
import * as managedidentity from "@pulumi/azure-native/managedidentity";
import * as pulumi from "@pulumi/pulumi";
import type { WantedCredential } from "../../provider";
import { ask, type CollaborationOptions } from "../ask";
import type { CleanRoomDetails } from "../collaboration";

/** One clean room, with the names that its credential has in the program and on the identity. */
export interface TrustedRoom {
  /** Name of the credential as a resource of the program. */
  readonly resource: string;
  /** Name of the credential on the identity. */
  readonly credential: string;
  /** Whom it trusts. */
  readonly details: pulumi.Input<CleanRoomDetails>;
}

export interface Federated {
  /** Name of the managed identity. */
  readonly identityName: pulumi.Input<string>;
  /** Resource group of the identity. */
  readonly resourceGroupName: pulumi.Input<string>;
  /** Azure resource id of an identity that exists, so that it may have credentials; undefined for a new one. */
  readonly existingId: pulumi.Output<string> | undefined;
  /** Who may sign in as it. */
  readonly rooms: readonly TrustedRoom[];
}

/** Issuer and subject of the first clean room, known once each of them can sign in. */
export interface Trust {
  /** Issuer of its tokens. */
  readonly issuerUrl: pulumi.Output<string>;
  /** Whom its tokens are about. */
  readonly subject: pulumi.Output<string>;
}

/** @param parent the component that the credentials belong to */
export function federate(
  options: CollaborationOptions,
  { existingId, rooms, ...identity }: Federated,
  parent: pulumi.ComponentResource,
): Trust {
  // To a new identity nobody else writes; and unit tests, which have no engine, have nothing that asks a hook.
  const isShared = existingId !== undefined && pulumi.runtime.getStackResource() !== undefined;
  const hooks = isShared ? { onError: [oneAtATime(rooms[0]?.resource ?? "")] } : undefined;
  const make = (adopted: readonly (string | undefined)[], made: Made): Credential[] =>
    rooms.map((room, index) => {
      const { issuer, subject, audience } = wantedOf(room);
      if (adopted[index] !== undefined) {
        return { issuer, subject };
      }
      const credential = new managedidentity.FederatedIdentityCredential(
        room.resource,
        {
          resourceGroupName: identity.resourceGroupName,
          resourceName: identity.identityName,
          federatedIdentityCredentialResourceName: room.credential,
          issuer,
          subject,
          audiences: [audience],
        },
        { parent, dependsOn: made.slice(-1), hooks },
      );
      made.push(credential);
      return credential;
    });
  const credentials =
    existingId === undefined
      ? trustOf(make([], []))
      : pulumi
          .all([
            existingId,
            pulumi.all(rooms.map((room) => pulumi.output({ name: room.credential, ...wantedOf(room) }))),
          ])
          .apply(([id, wanted]) => {
            const { planned, made } = useOf(id);
            const before = planned.length;
            planned.push(...wanted);
            return ask(options, (sources) => sources.federatedCredentials(id, distinct(planned))).apply((adopted) =>
              trustOf(make(adopted.slice(before), made)),
            );
          });
  return { issuerUrl: credentials.issuerUrl, subject: credentials.subject };
}

interface Credential {
  readonly issuer: pulumi.Output<string>;
  readonly subject: pulumi.Output<string>;
}

function wantedOf({ details }: TrustedRoom): Credential & { readonly audience: pulumi.Output<string> } {
  const { issuerUrl, subject, audience } = pulumi.output(details).cleanroomIdentity;
  return { issuer: issuerUrl, subject, audience };
}

/** Of the first, which the others are made after. */
function trustOf(credentials: readonly Credential[]): pulumi.Output<{ issuerUrl: string; subject: string }> {
  const all = credentials.map(({ issuer, subject }) => pulumi.all([issuer, subject]));
  return pulumi.all(all).apply(([first]) => ({ issuerUrl: first?.[0] ?? "", subject: first?.[1] ?? "" }));
}

/** Azure refuses the second of two; so it is said which they are. */
function distinct(wanted: readonly WantedCredential[]): readonly WantedCredential[] {
  wanted.forEach(({ name, issuer, subject }, index) => {
    const same = wanted.slice(0, index).find((each) => each.issuer === issuer && each.subject === subject);
    if (same !== undefined) {
      throw new pulumi.RunError(
        `The credentials '${same.name}' and '${name}' would trust the same clean room (issuer '${issuer}', subject '${subject}') on one identity, which Azure refuses: name it once. Several datasets can share one WorkloadIdentity.`,
      );
    }
  });
  return [...wanted];
}

type Made = managedidentity.FederatedIdentityCredential[];

interface Use {
  /** What this program wants on the identity. */
  readonly planned: WantedCredential[];
  /** What it has there: each further credential is written after it, and deleted before it. */
  readonly made: Made;
}

/** By the program's run, then by the identity. */
const uses = new WeakMap<object, Map<string, Use>>();
const WITHOUT_ENGINE = {};

function useOf(identityId: string): Use {
  const run = pulumi.runtime.getStackResource() ?? WITHOUT_ENGINE;
  const ofRun = uses.get(run) ?? new Map<string, Use>();
  uses.set(run, ofRun);
  const use = ofRun.get(identityId.toLowerCase()) ?? { planned: [], made: [] };
  ofRun.set(identityId.toLowerCase(), use);
  return use;
}

const CONCURRENT = "ConcurrentFederatedIdentityCredentialsWrites";
/** Seconds for which others' writes to the same identity are waited for. */
const PATIENCE = 120;

/** Of two programs that write to one identity at the same time Azure refuses one (409): it tries again. */
function oneAtATime(name: string): pulumi.ErrorHook {
  return new pulumi.ErrorHook(`cleanroom:${name}:one-write-at-a-time`, async ({ errors }) => {
    const waited = errors.length;
    if (waited > PATIENCE || !(errors[0] ?? "").includes(CONCURRENT)) {
      return false;
    }
    await sleep(1_000);
    return true;
  });
}
