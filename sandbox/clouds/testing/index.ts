// For the tests of the clouds: the real providers of a sandbox in a folder of its own, asked over gRPC as the engine asks.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import type { SandboxContext } from "../../context";
import { Home } from "../../home";
import { collaborator, world } from "../../world";
import { type Clouds, startClouds } from "..";
import { TestProvider } from "./provider";

export { GONE, SECRET, type Deployed, type Preview, secretOf, TestProvider, UNKNOWN } from "./provider";

export interface TestClouds {
  readonly clouds: Clouds;
  /** @param name `azure-native`, `aws`, `azuread` or `command` */
  provider(name: string, collaboratorName?: string): TestProvider;
  /** Moves the clock on, in milliseconds. */
  pass(time: number): void;
  /** Ends the providers and starts them again on the same folder. */
  restart(): Promise<void>;
  end(): Promise<void>;
}

/** @param options what of a sandbox's context is another than usual */
export async function startTestClouds(
  options: Pick<SandboxContext, "project" | "eventualSeconds"> = {},
): Promise<TestClouds> {
  const dir = await mkdtemp(join(tmpdir(), "clouds-"));
  const home = await Home.open(dir);
  let ahead = 0;
  const clock = (): Date => new Date(Date.now() + ahead);
  const clients: ResourceProviderClient[] = [];
  const context = { dir, world, ports: home, clock, ...options } as unknown as SandboxContext;
  let clouds = await startClouds(context);
  const hangUp = (): void => clients.splice(0).forEach((each) => each.close());
  return {
    get clouds() {
      return clouds;
    },
    provider: (name, collaboratorName = "contosso") => {
      const attached = clouds.env(collaborator(collaboratorName).name).PULUMI_DEBUG_PROVIDERS ?? "";
      const port = new RegExp(`(?:^|,)${name}:(\\d+)`).exec(attached)?.[1] ?? "";
      const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
      clients.push(client);
      return new TestProvider(client);
    },
    pass: (time) => {
      ahead += time;
    },
    restart: async () => {
      hangUp();
      await clouds.close();
      clouds = await startClouds(context);
    },
    end: async () => {
      hangUp();
      await clouds.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
