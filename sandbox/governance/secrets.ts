// Secrets of a contract: anyone registered may set one, nobody reads one back; only the contract's clean room gets it.
import { CleanRoomRefusal } from "../context";
import { ServiceError } from "../http";
import type { Chain } from "./chain";
import { requireCleanRoom } from "./contracts";
import type { State } from "./state";

const MAX_LENGTH = 25_600;

/** The contract's existence is not checked, as the real application does not. */
export async function putSecret(
  chain: Chain,
  callerId: string,
  contractId: string,
  name: string,
  value: unknown,
): Promise<{ secretId: string }> {
  if (!value) throw new ServiceError(400, "ValueMissing", "Value must be supplied.");
  if (typeof value === "string" && value.length > MAX_LENGTH) {
    const message = `Length of the value should not exceed ${MAX_LENGTH} characters. Input is ${value.length} characters.`;
    throw new ServiceError(400, "ValueTooLarge", message);
  }
  const secretId = `${callerId}_${name}`;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  await chain.write({ kind: "secret", contractId, id: secretId, value: text });
  return { secretId };
}

export function listSecrets(state: State, contractId: string): unknown {
  return { value: [...(state.secrets.get(contractId)?.keys() ?? [])].map((secretId) => ({ secretId })) };
}

/** @throws CleanRoomRefusal */
export function readSecret(state: State, contractId: string, secretId: string, hostData: string): string {
  requireCleanRoom(state, contractId, hostData);
  const value = state.secrets.get(contractId)?.get(secretId);
  if (value === undefined) {
    throw new CleanRoomRefusal("SecretNotFound", `A secret with the specified id '${secretId}' was not found.`);
  }
  return value;
}
