// Signs what a vault releases, as Key Vault does: a compact JWS, RS256, with the key's id.
import { CompactSign } from "jose";
import type { SigningKey } from "../../signin";

export interface Signer {
  sign(payload: unknown): Promise<string>;
}

export function createSigner({ kid, privateKey }: SigningKey): Signer {
  return {
    sign: (payload) =>
      new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
        .setProtectedHeader({ alg: "RS256", kid, typ: "JWT" })
        .sign(privateKey),
  };
}
