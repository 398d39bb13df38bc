// Clouds, data planes and the reader, started on top of the sandbox's own services.
import type { AdminFace } from "./admin";
import { startClouds } from "./clouds";
import type { SandboxContext } from "./context";
import { startDataPlanes } from "./dataplanes";
import { createReader } from "./reader";

export interface Parts {
  /** URL by service. */
  readonly addresses: Readonly<Record<string, string>>;
  readonly read: AdminFace["read"];
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
  try {
    const dataPlanes = await startDataPlanes(context, clouds, context.gate);
    const reader = createReader(context, dataPlanes);
    return {
      addresses: dataPlanes.addresses,
      read: (documentId, options) => reader.read(documentId, options),
      env: (name) => ({
        ...clouds.env(name),
        ...dataPlanes.env(name),
        CLEANROOM_ATTESTATION_URL: dataPlanes.attestationUrl,
      }),
      close: async () => {
        await reader.close();
        await dataPlanes.close();
        await clouds.close();
      },
    };
  } catch (error) {
    await clouds.close();
    throw error;
  }
}
