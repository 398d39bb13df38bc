// The issuer's two documents, as blobs that everybody may read and only their owner may write.
import { canonicalJson } from "../model/canonical";
import { DISCOVERY_PATH, discoveryOf, KEYS_PATH, type SigningKey } from "../model/issuer";
import { oncePermitted } from "./late-role";

/** Seconds for which others may keep them: a rotated key is known everywhere after that. */
const KEPT = 300;

/** @param containerUrl `https://<account>.blob.core.windows.net/<container>` */
export async function writeIssuer(containerUrl: string, issuerUrl: string, keys: readonly SigningKey[]): Promise<void> {
  const [{ DefaultAzureCredential }, { ContainerClient }] = await Promise.all([
    import("@azure/identity"),
    import("@azure/storage-blob"),
  ]);
  const container = new ContainerClient(containerUrl, new DefaultAzureCredential());
  // The keys first: what the discovery document leads to is there when it is found.
  for (const [name, content] of [
    [KEYS_PATH, { keys }],
    [DISCOVERY_PATH, discoveryOf(issuerUrl)],
  ] as const) {
    const text = canonicalJson(content);
    await oncePermitted(`write ${name} of issuer '${issuerUrl}'`, () =>
      container.getBlockBlobClient(name).upload(text, Buffer.byteLength(text), {
        blobHTTPHeaders: { blobContentType: "application/json", blobCacheControl: `max-age=${KEPT}` },
      }),
    );
  }
}
