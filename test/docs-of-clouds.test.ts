// What the pages about the clouds say holds: their commands run, one after another against a sandbox, and the rights that
// they list are those that are needed.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KINDS as AWS } from "../cli/doctor/aws/kinds";
import { KINDS as AZURE } from "../cli/doctor/azure/kinds";
import { ROLES } from "../components/azure/role";
import { collaboratorEnv, startSandbox, type Sandbox } from "../sandbox";
import { execute, type Ended } from "./helpers/audit";

jest.setTimeout(120_000);

const ROOT = join(__dirname, "..");
const page = (name: string): string => readFileSync(join(ROOT, "docs", name), "utf8");

/** All blocks of a language. */
const blocks = (name: string, language: string): readonly string[] =>
  [...page(name).matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\``, "gm"))].map(([, text = ""]) => text);

const commands = (name: string): readonly string[] =>
  blocks(name, "console").flatMap((text) => [...text.matchAll(/^\$ (.*)$/gm)].map(([, command = ""]) => command));

describe("the commands", () => {
  let dir: string;
  let sandbox: Sandbox;
  /** By command: what it ended with. */
  const ended = new Map<string, Ended>();

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), "docs-"));
    sandbox = await startSandbox({ dir });
  });
  afterAll(async () => {
    await sandbox.close();
    rmSync(dir, { recursive: true, force: true });
  });

  const run = async (command: string, who: string): Promise<Ended> => {
    const env = { ...process.env, ...(await collaboratorEnv(dir, who)) };
    return execute("bash", ["-c", command], env, ROOT);
  };

  test.each([
    ["doctor.md", "contosso"],
    ["azure.md", "contosso"],
    ["aws.md", "litware"],
  ])("of %s run, in their order", async (name, who) => {
    expect(commands(name)).not.toEqual([]);
    for (const command of commands(name)) {
      // The pages begin with the same one.
      const result = ended.get(command) ?? (await run(command, who));
      ended.set(command, result);
      expect({ command, ...result, code: result.code }).toMatchObject({ command, code: 0 });
    }
  });

  test("a stack that can be brought up has nothing in its way", () => {
    const { stdout, stderr } = ended.get("npm run -s doctor -- --stack contosso") ?? { stdout: "", stderr: "" };
    expect(stdout).toMatch(/^ {2}AREA +CHECK +RESULT\n {2}engine +Node\.js +ok\n {6}v\d+/);
    expect(stdout).toMatch(/\n {2}Azure +names +ok\n {6}free: contossosales\w+, contosso-sales\w+\n/);
    expect(stdout).not.toContain("→");
    expect(stdout).toMatch(
      /\ncontosso: nothing stands in the way of pulumi up \(0 problems, 0 warnings, 0 not checked, \d+ ok\)\.\n$/,
    );
    expect(stderr).toBe("asking the clean room …\npreviewing the stack …\nasking the clouds …\n");
  });

  test("the doctor tells no secret, and left governance as it was", async () => {
    const { stdout } = ended.get("npm run -s doctor -- --stack litware") ?? { stdout: "" };
    const env = await collaboratorEnv(dir, "litware");
    const key = (await run("pulumi config get encryptionKey --stack litware", "litware")).stdout.trim();
    const secrets = [key, env.CLEANROOM_TOKEN, env.PULUMI_CONFIG_PASSPHRASE, env.AWS_SECRET_ACCESS_KEY];
    for (const secret of secrets) {
      expect((secret ?? "").length).toBeGreaterThan(10);
      expect(stdout).not.toContain(secret);
    }
    const ledger = JSON.stringify(await sandbox.admin.ledger());
    expect(ledger).not.toContain("litware-members");
  });
});

/** What the doctor itself asks for, besides what is created. */
const ASKED = {
  azure: [
    "Microsoft.Authorization/permissions/read",
    "Microsoft.KeyVault/checkNameAvailability/read",
    "Microsoft.KeyVault/deletedVaults/read",
    "Microsoft.Resources/subscriptions/providers/read",
    "Microsoft.Storage/checknameavailability/read",
    "Microsoft.Storage/locations/usages/read",
    "Microsoft.Storage/skus/read",
  ],
  aws: ["iam:GetAccountSummary", "iam:SimulatePrincipalPolicy"],
};

interface Kind {
  readonly needed: readonly string[];
  readonly toDelete: readonly string[];
}

const actionsOf = (kinds: readonly (Kind | undefined)[], asked: readonly string[]): readonly string[] =>
  [...new Set([...kinds.flatMap((kind) => [...(kind?.needed ?? []), ...(kind?.toDelete ?? [])]), ...asked])].sort();

test("the custom role has the actions that a dataset in Azure takes, and no other", () => {
  const [role = ""] = blocks("azure.md", "json");
  const { properties } = JSON.parse(role) as { properties: { permissions: { actions: string[] }[] } };
  expect(properties.permissions[0]?.actions).toEqual(actionsOf(AZURE.usual.map(AZURE.of), ASKED.azure));
});

test("the condition admits the roles that the components assign, and no other", () => {
  const [condition = ""] = blocks("azure.md", "text");
  const lists = [...condition.matchAll(/GuidEquals \{([^}]*)\}/g)].map(([, ids = ""]) => ids.split(", ").sort());
  const ids = Object.values(ROLES).sort();
  expect(lists).toEqual([ids, ids]);
});

test("the policy has the actions that a dataset in S3 takes, and no other", () => {
  const [policy = ""] = blocks("aws.md", "json");
  const { Statement } = JSON.parse(policy) as { Statement: { Action: string[] }[] };
  const actions = Statement.flatMap(({ Action }) => Action).sort();
  expect(actions).toEqual(actionsOf(AWS.usual.map(AWS.of), ASKED.aws));
});

test.each(["azure.md", "aws.md", "doctor.md"])("the README leads to %s", (name) => {
  expect(readFileSync(join(ROOT, "README.md"), "utf8")).toContain(`](docs/${name})`);
});
