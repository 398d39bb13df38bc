// Reads the fields of a JSON body, each checked: a wrong one is refused with its name and value.
import type { Request } from "../../http";
import { badParameter } from "./errors";

export class Body {
  private constructor(
    private readonly fields: Readonly<Record<string, unknown>>,
    private readonly place: string,
  ) {}

  static async of(request: Request): Promise<Body> {
    return Body.from(await request.json(), "");
  }

  private static from(value: unknown, place: string): Body {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw badParameter(`${place || "The body"} must be an object`);
    }
    return new Body(value as Record<string, unknown>, place === "" ? "" : `${place}.`);
  }

  optionalText(name: string): string | undefined {
    return this.read(name, "a string", (value): value is string => typeof value === "string");
  }

  text(name: string): string {
    const value = this.optionalText(name);
    if (value === undefined) throw badParameter(`Property ${this.place}${name} is missing`);
    return value;
  }

  number(name: string): number | undefined {
    return this.read(name, "a whole number", (value): value is number => Number.isSafeInteger(value));
  }

  boolean(name: string): boolean | undefined {
    return this.read(name, "true or false", (value): value is boolean => typeof value === "boolean");
  }

  texts(name: string): readonly string[] | undefined {
    const isTexts = (value: unknown): value is string[] =>
      Array.isArray(value) && value.every((each) => typeof each === "string");
    return this.read(name, "a list of strings", isTexts);
  }

  tags(): Readonly<Record<string, string>> | undefined {
    const isTags = (value: unknown): value is Record<string, string> =>
      typeof value === "object" && value !== null && Object.values(value).every((each) => typeof each === "string");
    return this.read("tags", "an object of strings", isTags);
  }

  object(name: string): Body | undefined {
    const value = this.fields[name];
    return value === undefined || value === null ? undefined : Body.from(value, `${this.place}${name}`);
  }

  /** The bytes of a base64url value. */
  bytes(name: string): Buffer {
    const value = this.text(name);
    if (!/^[A-Za-z0-9_-]+=*$/.test(value)) throw badParameter(`Property ${this.place}${name} must be base64url`);
    return Buffer.from(value, "base64url");
  }

  private read<T>(name: string, wanted: string, is: (value: unknown) => value is T): T | undefined {
    const value = this.fields[name];
    if (value === undefined || value === null) return undefined;
    if (!is(value)) throw badParameter(`Property ${this.place}${name} must be ${wanted}`);
    return value;
  }
}
