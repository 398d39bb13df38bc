// Inputs against the provider's own definition of them: what the real provider refuses is refused here, in its words.
import { isObject, isUnknown } from "../protocol/values";
import type { Failure } from "../protocol/shape";
import type { Definition, Members, Type } from "./definition";

export type Kind = "string" | "number" | "boolean" | "array" | "object";

/** Where something is wrong. */
export interface Place {
  /** The resource's name in the program, or the function's token. */
  readonly name: string;
  /** As in `properties.sku.name` or `rules[0]`. */
  readonly path: string;
  readonly definition: Definition;
}

/** How a provider words that an input does not fit its definition. */
export interface Wording {
  missing(place: Place): string;
  /** @param similar the name that was probably meant */
  unknown(place: Place, similar: string | undefined): string;
  /** @param shown the value, as it may be shown */
  wrongType(place: Place, expected: Kind, got: Kind, shown: string): string;
  notAmong(place: Place, values: readonly string[], shown: string): string;
}

/** @param secret dotted paths of what must not be shown */
export function checkDefinition(
  definition: Definition,
  wording: Wording,
  name: string,
  inputs: object,
  secret: readonly string[],
): readonly Failure[] {
  return new Check(definition, wording, name, secret).members(definition.inputs, inputs, "");
}

class Check {
  constructor(
    private readonly definition: Definition,
    private readonly wording: Wording,
    private readonly name: string,
    private readonly secret: readonly string[],
  ) {}

  members(members: Members, value: object, prefix: string): readonly Failure[] {
    const given = new Map(Object.entries(value).filter(([, each]) => each !== undefined && each !== null));
    const known = Object.entries(members).map(([key, type]) => ({ key: key.replace("?", ""), type, full: key }));
    const surplus = [...given.keys()].filter((key) => !key.startsWith("__") && !known.some((each) => each.key === key));
    return [
      ...surplus.map((key) => {
        const similar = closest(
          key,
          known.map((each) => each.key),
        );
        return this.failure(`${prefix}${key}`, (place) => this.wording.unknown(place, similar));
      }),
      ...known.flatMap(({ key, type, full }) => {
        const path = `${prefix}${key}`;
        if (given.has(key)) return this.value(type, given.get(key), path);
        return full.endsWith("?") ? [] : [this.failure(path, (place) => this.wording.missing(place))];
      }),
    ];
  }

  private value(type: Type, value: unknown, path: string): readonly Failure[] {
    if (type === "any" || isUnknown(value) || value === null || value === undefined) return [];
    if (typeof type === "object" && "oneOf" in type) return this.oneOf(type.oneOf, value, path);
    const [expected, got] = [kindOf(type), kindOfValue(value)];
    if (expected !== got) {
      return [this.failure(path, (place) => this.wording.wrongType(place, expected, got, this.show(value, path)))];
    }
    if (typeof type === "string") {
      const members = this.definition.types[type];
      return members === undefined ? [] : this.members(members, value, `${path}.`);
    }
    if ("values" in type) {
      if (type.values.includes(value as string)) return [];
      return [this.failure(path, (place) => this.wording.notAmong(place, type.values, this.show(value, path)))];
    }
    if ("list" in type) {
      return (value as readonly unknown[]).flatMap((each, index) => this.value(type.list, each, `${path}[${index}]`));
    }
    return Object.entries(value).flatMap(([key, each]) => this.value(type.map, each, `${path}.${key}`));
  }

  /** What fits one of them is right; else what is wrong with the first of its kind. */
  private oneOf(types: readonly Type[], value: unknown, path: string): readonly Failure[] {
    const tries = types.map((type) => this.value(type, value, path));
    if (tries.some((each) => each.length === 0)) return [];
    const [first = []] = tries;
    return tries.find((_, index) => kindOf(types[index] ?? "any") === kindOfValue(value)) ?? first;
  }

  private failure(path: string, say: (place: Place) => string): Failure {
    return { property: path, reason: say({ name: this.name, path, definition: this.definition }) };
  }

  /** Scalars only, and no secret: an object may hold what must not be shown. */
  private show(value: unknown, path: string): string {
    const isSecret = this.secret.some(
      (each) => path === each || path.startsWith(`${each}.`) || path.startsWith(`${each}[`),
    );
    if (isSecret) return "a secret";
    return isObject(value) || Array.isArray(value) ? `an ${kindOfValue(value)}` : JSON.stringify(value);
  }
}

function kindOf(type: Type): Kind {
  if (typeof type === "string") return type === "string" || type === "number" || type === "boolean" ? type : "object";
  return "list" in type ? "array" : "values" in type ? "string" : "object";
}

const kindOfValue = (value: unknown): Kind =>
  Array.isArray(value) ? "array" : isObject(value) ? "object" : (typeof value as Kind);

/** Of the same letters, or with one more, less or other. */
function closest(name: string, known: readonly string[]): string | undefined {
  const lower = name.toLowerCase();
  return known.find((each) => each.toLowerCase() === lower) ?? known.find((each) => isNear(each.toLowerCase(), lower));
}

function isNear(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  const start = [...a].findIndex((each, index) => each !== b[index]);
  if (start === -1) return true;
  const [restA, restB] = [a.slice(start), b.slice(start)];
  return restA.slice(1) === restB.slice(1) || restA.slice(1) === restB || restA === restB.slice(1);
}
