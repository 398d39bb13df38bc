// A resource's properties as rules read them: secrets unwrapped, and a value that is not known yet can't be read as if
// it were: reading it throws NotKnownYet, so that no rule passes what it has not seen.

/** As the engine marks secrets and other special values on the wire (sdk/go/common/resource/plugin, SigKey). */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** Unknown values on the wire, one text a type. */
const UNKNOWN: ReadonlySet<unknown> = new Set([
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** Thrown by reading a value that is known only when the resource is made. */
export class NotKnownYet extends Error {
  constructor(readonly path: string) {
    super(`${path} is not known before up`);
  }
}

/** One value at the end of a path such as `environment.TOKEN` or `rules[0].name`. */
export interface Leaf {
  readonly path: string;
  readonly value: unknown;
  /** Whether the program marked it, or what it is part of, as a secret. */
  readonly secret: boolean;
  readonly unknown: boolean;
}

export type Wire = Readonly<Record<string, unknown>>;

/** The properties for reading; see the head of this file. */
export function readable(wire: Wire): Wire {
  return wrap(wire, "") as Wire;
}

/** Every value with its path. */
export function* leavesOf(value: unknown, path = "", secret = false): Generator<Leaf> {
  if (isSecret(value)) {
    yield* leavesOf(value.value, path, true);
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      yield* leavesOf(item, `${path}[${index}]`, secret);
    }
  } else if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      yield* leavesOf(item, join(path, key), secret);
    }
  } else {
    yield { path, value, secret, unknown: UNKNOWN.has(value) };
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSecret(value: unknown): value is { readonly value: unknown } {
  return isObject(value) && value[SIGNATURE] === SECRET;
}

function wrap(value: unknown, path: string): unknown {
  if (isSecret(value)) {
    return wrap(value.value, path);
  }
  if (UNKNOWN.has(value)) {
    throw new NotKnownYet(path);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  return new Proxy(value, {
    get: (target, key) => {
      const found = Reflect.get(target, key) as unknown;
      // Methods of arrays, and symbols, are no properties of the resource.
      if (typeof key === "symbol" || typeof found === "function") {
        return found;
      }
      return wrap(found, Array.isArray(target) ? `${path}[${key}]` : join(path, key));
    },
  });
}

const join = (path: string, key: string): string => (path === "" ? key : `${path}.${key}`);
