// Clouds, data planes and the reader, started on top of the sandbox's own services.
import type { AdminFace } from "./admin";
import { startClouds } from "./clouds";
import { startResourceManager } from "./clouds/resource-manager";
import type { SandboxContext } from "./context";
import { startDataPlanes } from "./dataplanes";
import { createReader } from "./reader";

export interface Parts {
  /** URL by service. */
  readonly addresses: Readonly<Record<string, string>>;
  readonly read: AdminFace["read"];
  readonly giveFabricRight: AdminFace["giveFabricRight"];
  /** Their share of the variables of a collaborator's shell. */
  env(name: string): Record<string, string>;
  close(): Promise<void>;
}

/** @param shell all variables of a collaborator's shell, with which commands of the collaborator's programs run */
export async function startParts(
  context: SandboxContext,
  shell: (name: string) => Promise<Record<string, string>>,
): Promise<Parts> {
  const clouds = await startClouds(context);
  clouds.useEnvironment(shell);
  const started: (() => Promise<void>)[] = [() => clouds.close()];
  const close = async (): Promise<void> => {
    for (const each of started.splice(0).reverse()) await each();
  };
  try {
    const resourceManager = await startResourceManager(context, clouds.state, context.gate);
    started.push(() => resourceManager.close());
    const dataPlanes = await startDataPlanes(context, clouds, context.gate);
    started.push(() => dataPlanes.close());
    const reader = createReader(context, dataPlanes);
    started.push(() => reader.close());
    return {
      addresses: { ...dataPlanes.addresses, "resource manager": resourceManager.url },
      read: (documentId, options) => reader.read(documentId, options),
      giveFabricRight: (grant) => dataPlanes.oneLake.fabric.grant(grant),
      env: (name) => ({
        ...clouds.env(name),
        ...dataPlanes.env(name),
        CLEANROOM_ATTESTATION_URL: dataPlanes.attestationUrl,
        ARM_ENDPOINT: resourceManager.url,
      }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
