// How a program asks what the clean room says now: live, at preview too, with the stack's own configuration.
import * as pulumi from "@pulumi/pulumi";
import type { Sources } from "../provider";
import { loadProvider } from "./provider";

/** Which collaboration is meant. */
export interface CollaborationOptions {
  /**
   * Namespace of the stack configuration that says where its services are (`frontendUrl`, `governanceUrl`,
   * `collaborationId`, `contractId`, `token`). A second collaboration has a namespace of its own.
   * @default "cleanroom"
   */
  readonly collaboration?: string;
}

/** The answer to a question, as an output; what goes wrong is shown once, by its message alone. */
export function ask<T>(
  { collaboration = "cleanroom" }: CollaborationOptions,
  question: (sources: Sources) => Promise<T>,
): pulumi.Output<T> {
  const answer = async (): Promise<T> => {
    try {
      return await question(sourcesOf(collaboration));
    } catch (error) {
      throw shown(error);
    }
  };
  return pulumi.output(answer()) as pulumi.Output<T>;
}

/**
 * One for each collaboration and configuration, so that what several questions have in common is asked once. Several
 * stacks may run in one process (Automation API): each has its own configuration.
 */
const asked = new Map<string, Sources>();

function sourcesOf(collaboration: string): Sources {
  const key = JSON.stringify([collaboration, pulumi.runtime.allConfig()]);
  const sources = asked.get(key) ?? loadProvider().sources(collaboration, (name) => pulumi.runtime.getConfig(name));
  asked.set(key, sources);
  return sources;
}

const shownAs = new WeakMap<Error, pulumi.RunError>();

/** A RunError is shown by its message alone, without our stack; the same error is the same RunError, so it shows once. */
function shown(error: unknown): pulumi.RunError {
  const key = error instanceof Error ? error : new Error(String(error));
  const known = shownAs.get(key) ?? new pulumi.RunError(key.message);
  shownAs.set(key, known);
  return known;
}
