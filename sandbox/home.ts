// The sandbox's folder and `sandbox.json` in it: ports and secrets, made once and kept, so that addresses and
// credentials stay valid over restarts.
import { randomBytes, randomInt } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import type { PortBook } from "./context";
import { createFile, readIfThere, replaceFile } from "./files";
import { collaborators } from "./world";

interface Content {
  readonly format: 1;
  /** For `/admin`. */
  readonly adminSecret: string;
  /** `PULUMI_CONFIG_PASSPHRASE` of the collaborators' stacks. */
  readonly passphrase: string;
  /** `IDENTITY_HEADER` by collaborator: the secret that says who asks for a token. */
  readonly identityHeaders: Readonly<Record<string, string>>;
  readonly ports: Readonly<Record<string, number>>;
  /** First and last port of those that new services may get. @default 20000 to 31999 */
  readonly portRange?: readonly [number, number];
}

// Below the range from which systems draw the ports of outgoing connections: those could take a kept port away.
const FIRST_PORT = 20_000;
const LAST_PORT = 31_999;

const secret = (): string => randomBytes(24).toString("base64url");

export class Home implements PortBook {
  private pending: Promise<unknown> = Promise.resolve();

  private constructor(
    readonly dir: string,
    private content: Content,
  ) {}

  /** Opens `dir`, which is made when it is not there. @throws when its `sandbox.json` cannot be understood */
  static async open(dir: string): Promise<Home> {
    const root = resolve(dir);
    await mkdir(root, { recursive: true, mode: 0o700 });
    const file = join(root, "sandbox.json");
    // Two first starts at once make one file: whoever comes second reads what the first has written.
    if (!existsSync(file)) await createFile(file, write(await fresh()));
    return new Home(root, parse(file, await readFile(file, "utf8")));
  }

  /** @returns undefined when no sandbox has ever run in `dir` */
  static async find(dir: string): Promise<Home | undefined> {
    const file = join(resolve(dir), "sandbox.json");
    const text = await readIfThere(file);
    return text === undefined ? undefined : new Home(resolve(dir), parse(file, text));
  }

  get adminSecret(): string {
    return this.content.adminSecret;
  }

  get passphrase(): string {
    return this.content.passphrase;
  }

  get identityHeaders(): Readonly<Record<string, string>> {
    return this.content.identityHeaders;
  }

  path(...parts: string[]): string {
    return join(this.dir, ...parts);
  }

  /** The port of a service that has run before. */
  known(name: string): number | undefined {
    return this.content.ports[name];
  }

  get(name: string): Promise<number> {
    const result = this.pending.then(() => this.known(name) ?? this.assign(name));
    this.pending = result.catch(() => undefined);
    return result;
  }

  private async assign(name: string): Promise<number> {
    const port = await freePort(name, Object.values(this.content.ports), this.content.portRange);
    this.content = { ...this.content, ports: { ...this.content.ports, [name]: port } };
    await this.save();
    return port;
  }

  private save(): Promise<void> {
    return replaceFile(this.path("sandbox.json"), write(this.content));
  }
}

async function fresh(): Promise<Content> {
  const identityHeaders = Object.fromEntries(collaborators.map(({ name }) => [name, secret()]));
  const ports = { admin: await freePort("admin", []) };
  return { format: 1, adminSecret: secret(), passphrase: secret(), identityHeaders, ports };
}

const write = (content: Content): string => `${JSON.stringify(content, undefined, 2)}\n`;

function parse(file: string, text: string): Content {
  const broken = (cause: unknown): Error =>
    new Error(`${file} cannot be understood; remove its folder to start anew`, { cause });
  let content: Content;
  try {
    content = JSON.parse(text) as Content;
  } catch (error) {
    throw broken(error);
  }
  if (content.format !== 1) throw broken(`format ${JSON.stringify(content.format)}`);
  return content;
}

async function freePort(
  name: string,
  taken: readonly number[],
  [first, last]: readonly [number, number] = [FIRST_PORT, LAST_PORT],
): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const port = randomInt(first, last + 1);
    if (!taken.includes(port) && (await isFree(port))) return port;
  }
  throw new Error(`no free port between ${first} and ${last} for ${name}: end programs that listen there`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const probe = createServer();
    probe.once("error", () => done(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => done(true)));
  });
}
