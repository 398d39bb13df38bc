// `env`: the export lines of a collaborator's shell, or the same as JSON.
import { collaboratorEnv } from "../env";
import { exportLine } from "./print";

export async function printEnv(dir: string, name: string, json: boolean): Promise<number> {
  const env = await collaboratorEnv(dir, name);
  const lines = Object.entries(env).map(([key, value]) => exportLine(key, value));
  process.stdout.write(json ? `${JSON.stringify(env)}\n` : `${lines.join("\n")}\n`);
  return 0;
}
