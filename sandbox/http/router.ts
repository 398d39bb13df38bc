// Finds the handler of a method and path. A known path with another method is 405, an unknown path 404.
import type { Answer } from "./answer";
import type { Request } from "./request";

export type Handler = (request: Request) => Promise<Answer> | Answer;

export interface Route {
  readonly method: "GET" | "PUT" | "POST" | "PATCH" | "DELETE";
  /** Segments that begin with `:` are parameters: `/contracts/:contractId`. */
  readonly path: string;
  readonly handler: Handler;
}

export type Match =
  | { readonly handler: Handler; readonly params: Readonly<Record<string, string>> }
  | { readonly allow: readonly string[] }
  | undefined;

interface Compiled extends Route {
  readonly segments: readonly string[];
}

export class Router {
  /** Routes by their number of segments; among equals a literal segment is preferred to a parameter. */
  private readonly bySize = new Map<number, Compiled[]>();

  constructor(routes: readonly Route[]) {
    for (const route of routes) {
      const segments = route.path.split("/").slice(1);
      const group = this.bySize.get(segments.length) ?? [];
      group.push({ ...route, segments });
      this.bySize.set(segments.length, group);
    }
    for (const group of this.bySize.values()) group.sort((a, b) => parameters(a) - parameters(b));
  }

  match(method: string, path: string): Match {
    const given = path.split("/").slice(1);
    const allow = new Set<string>();
    for (const route of this.bySize.get(given.length) ?? []) {
      const params = bind(route.segments, given);
      if (params === undefined) continue;
      if (route.method === method) return { handler: route.handler, params };
      allow.add(route.method);
    }
    return allow.size > 0 ? { allow: [...allow].sort() } : undefined;
  }
}

function parameters(route: Compiled): number {
  return route.segments.filter((segment) => segment.startsWith(":")).length;
}

function bind(segments: readonly string[], given: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const value = given[index] ?? "";
    if (!segment.startsWith(":")) {
      if (segment.toLowerCase() !== value.toLowerCase()) return undefined;
    } else {
      if (value === "") return undefined;
      params[segment.slice(1)] = decode(value);
    }
  }
  return params;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
