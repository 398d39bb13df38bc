// Clouds, data planes and the reader, started on top of the sandbox's own services.
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { AdminFace } from "./admin";
import type { SandboxContext } from "./context";
import type { Services } from "./services";

interface Part {
  readonly addresses?: Readonly<Record<string, string>>;
  env(name: string): Record<string, string>;
  close(): Promise<void>;
}

interface Parts extends Part {
  readonly addresses: Readonly<Record<string, string>>;
  readonly read: AdminFace["read"];
}

type Start<A extends unknown[], R> = (context: SandboxContext, ...rest: A) => R;

/* eslint-disable @typescript-eslint/no-require-imports -- until both folders are there */
export async function startParts({ context }: Services): Promise<Parts> {
  const load = <T>(name: string): T | undefined =>
    existsSync(join(__dirname, name, "index.ts")) ? (require(`./${name}`) as T) : undefined;
  const clouds = await load<{ startClouds?: Start<[], Promise<Part>> }>("clouds")?.startClouds?.(context);
  const dataPlanes =
    clouds &&
    (await load<{ startDataPlanes: Start<[Part], Promise<Part & { attestationUrl: string }>> }>(
      "dataplanes",
    )?.startDataPlanes(context, clouds));
  const reader =
    clouds &&
    dataPlanes &&
    load<{ createReader: Start<[Part, Part], Pick<AdminFace, "read">> }>("reader")?.createReader(
      context,
      clouds,
      dataPlanes,
    );
  return {
    addresses: { ...(dataPlanes && { attestation: dataPlanes.attestationUrl }), ...dataPlanes?.addresses },
    env: (name) => ({
      ...clouds?.env(name),
      ...dataPlanes?.env(name),
      ...(dataPlanes && { CLEANROOM_ATTESTATION_URL: dataPlanes.attestationUrl }),
    }),
    read: (documentId, options) => {
      if (reader === undefined) throw new Error("the reader is not there");
      return reader.read(documentId, options);
    },
    close: async () => {
      await dataPlanes?.close();
      await clouds?.close();
    },
  };
}
