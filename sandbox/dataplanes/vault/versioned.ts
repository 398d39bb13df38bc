// The version of the interface, which every call has to name.
import type { Handler, Route } from "../../http";
import { badParameter } from "./errors";

/** Every call of Key Vault's REST interface names the version of it that it speaks. */
export function versioned({ method, path, handler }: Route): Route {
  const checked: Handler = (request) => {
    if (!request.query.get("api-version")) throw badParameter("api-version must be specified");
    return handler(request);
  };
  return { method, path, handler: checked };
}
