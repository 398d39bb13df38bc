// Key Vault's refusals: OData errors whose `innererror` carries the exact reason.
import { ServiceError } from "../../http";
import type { ObjectKind } from "./model";

export function forbidden(reason: string, message: string): ServiceError {
  return new ServiceError(403, "Forbidden", message, undefined, { innererror: { code: reason } });
}

export function badParameter(message: string): ServiceError {
  return new ServiceError(400, "BadParameter", message);
}

export function notFound(kind: ObjectKind, name: string): ServiceError {
  const [code, noun] = kind === "keys" ? ["KeyNotFound", "key"] : ["SecretNotFound", "secret"];
  return new ServiceError(404, code, `A ${noun} with (name/id) ${name} was not found in this key vault.`);
}

export function isDeleted(kind: ObjectKind, name: string): ServiceError {
  const noun = kind === "keys" ? "Key" : "Secret";
  const message = `${noun} ${name} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the ${noun.toLowerCase()} can only be recovered or purged.`;
  return new ServiceError(409, "Conflict", message, undefined, {
    innererror: { code: "ObjectIsDeletedButRecoverable" },
  });
}
