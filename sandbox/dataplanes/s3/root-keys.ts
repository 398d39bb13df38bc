// The access keys of the collaborators' own administrators: made at the first start, kept, and good for everything in
// their own AWS account.
import { randomBytes } from "node:crypto";
import { readIfThere, replaceFile } from "../../files";
import { type Collaborator, collaborators } from "../../world";

interface RootKey {
  readonly accessKeyId: string;
  readonly secret: string;
}

export class RootKeys {
  private constructor(private readonly keys: Readonly<Record<string, RootKey>>) {}

  static async open(file: string): Promise<RootKeys> {
    const text = await readIfThere(file);
    if (text !== undefined) return new RootKeys(JSON.parse(text) as Record<string, RootKey>);
    const keys = Object.fromEntries(collaborators.map(({ name }) => [name, newKey()]));
    await replaceFile(file, `${JSON.stringify(keys, undefined, 2)}\n`);
    return new RootKeys(keys);
  }

  of(name: string): RootKey {
    const key = this.keys[name];
    if (key === undefined) throw new Error(`no AWS key was made for ${JSON.stringify(name)}`);
    return key;
  }

  find(accessKeyId: string): (RootKey & { readonly owner: Collaborator }) | undefined {
    const owner = collaborators.find(({ name }) => this.keys[name]?.accessKeyId === accessKeyId);
    return owner && { ...this.keys[owner.name], owner };
  }
}

function newKey(): RootKey {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const id = [...randomBytes(16)].map((byte) => alphabet[byte % 32]).join("");
  return { accessKeyId: `AKIA${id}`, secret: randomBytes(30).toString("base64") };
}
