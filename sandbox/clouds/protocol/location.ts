// Azure's places are written in two ways, `West Europe` and `westeurope`, and mean the same.

/** As ARM answers it. */
export const normalised = (location: string): string => location.toLowerCase().replace(/\s+/g, "");

export const isAlias = (a: unknown, b: unknown): boolean =>
  typeof a === "string" && typeof b === "string" && normalised(a) === normalised(b);
