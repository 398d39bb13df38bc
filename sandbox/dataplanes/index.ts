// What the clouds' resources really hold and do: vaults, blobs, buckets, the attestation service, and the exchange of
// federated tokens. Real, unmodified clients work against them.
import type { CloudHooks, Control, IdentityFacts } from "../clouds";
import type { SandboxContext } from "../context";
import type { Gate } from "../http";
import { type AttestationService, startAttestation } from "./attestation";
import { type BlobWorld, startBlobs } from "./blob";
import { exchange } from "./federation";
import { startManagedHsms } from "./hsm";
import { KeyUse, startIam } from "./iam";
import { type OneLake, startOneLake } from "./onelake";
import { type BucketWorld, startBuckets } from "./s3";
import { createTrust } from "./trust";
import { startVaults, type VaultWorld } from "./vault";

export type { AttestationService } from "./attestation";

/** What the data planes ask of the clouds, and how they take part in what ARM makes. */
export interface CloudFacts extends VaultWorld, BlobWorld, BucketWorld {
  identityByClientId(clientId: string): IdentityFacts | undefined;
  register(hooks: Partial<CloudHooks>): void;
}

export interface DataPlanes {
  /** The authority that release policies name. */
  readonly attestationUrl: string;
  readonly attestation: AttestationService;
  /** URL by service. */
  readonly addresses: Readonly<Record<string, string>>;
  /** The stand-in for OneLake, and Fabric's rights in it. */
  readonly oneLake: Pick<OneLake, "url" | "fabric">;
  /** AWS region of every bucket. */
  readonly region: string;
  /** Where S3 of `url` is served: AWS's own addresses stand for the sandbox's. @throws for any other */
  bucketEndpoint(url: string): string;
  /** Variables of the collaborator's shell: keys, region and endpoint for AWS's clients. */
  env(collaborator: string): Record<string, string>;
  close(): Promise<void>;
}

/**
 * @param clouds what they hold, and the door by which AWS's own clients change it; without it there is no IAM
 * @param gate stands before every request of every data plane
 */
export async function startDataPlanes(
  ctx: SandboxContext,
  { state, iam: control }: { readonly state: CloudFacts; readonly iam?: (collaborator: string) => Control },
  gate?: Gate,
): Promise<DataPlanes> {
  const trust = createTrust(ctx.tls.ca, ctx.clock);
  const started: (() => Promise<void>)[] = [() => trust.close()];
  const close = async (): Promise<void> => {
    for (const each of started.splice(0).reverse()) await each();
  };
  try {
    const attestation = await startAttestation(ctx, gate);
    started.push(() => attestation.close());
    const vaults = await startVaults(ctx, state, trust, gate);
    started.push(() => vaults.stop());
    const hsms = await startManagedHsms(ctx, trust, gate);
    started.push(() => hsms.stop());
    const blobs = await startBlobs(ctx, state, gate);
    started.push(() => blobs.stop());
    const oneLake = await startOneLake(ctx, blobs.serving, gate);
    started.push(() => oneLake.stop());
    const use = new KeyUse();
    const buckets = await startBuckets(ctx, state, gate, use);
    started.push(() => buckets.stop());
    const iam = control && (await startIam({ ctx, world: state, control, rootKeys: buckets.rootKeys, use, gate }));
    if (iam !== undefined) started.push(() => iam.stop());
    state.register({ ...vaults.hooks, ...blobs.hooks, ...buckets.hooks });
    ctx.signIn.onFederatedExchange((request) => exchange(request, state.identityByClientId(request.clientId), trust));
    return {
      attestationUrl: attestation.url,
      attestation,
      addresses: {
        attestation: attestation.url,
        "blob storage": blobs.url,
        "data lake storage": blobs.dfsUrl,
        OneLake: oneLake.url,
        S3: buckets.url,
        ...Object.fromEntries(Object.entries(hsms.urls).map(([name, url]) => [`managed HSM of ${name}`, url])),
      },
      oneLake,
      region: buckets.region,
      bucketEndpoint: buckets.endpoint,
      env: (name) => ({
        ...buckets.env(name),
        ...(iam && {
          AWS_ENDPOINT_URL_IAM: iam.url,
          AWS_ENDPOINT_URL_STS: iam.url,
          AWS_CA_BUNDLE: `${ctx.dir}/ca.pem`,
        }),
      }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
