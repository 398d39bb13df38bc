// Previews as they are kept in test/golden/previews: resources in the order of their URNs, and in place of all that
// another run, machine or port would change, what it is.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { collaborators } from "../../sandbox";

const FOLDER = join(__dirname, "..", "golden", "previews");

/** `+ type: (create)`, at any depth; without a sign what stays. */
const HEADER = /^(?<indent> *)(?:\S{1,2} )? *\S+: \((?:same|create|update|replace|delete|read|import|refresh)\S*\)/;
const SECTION = /^(?:Resources:|Policies:|Policy Packs run:|Diagnostics:)/;
const NOISE = /^(?:@ |Previewing update|View |Loading policy packs|Duration|Permalink)/;

/** What `pulumi preview --diff` printed, in a form that only a change of program, components or SDK changes. */
export function normalised(output: string): string {
  const blocks = new Map<string, string[]>();
  const said: string[] = [];
  const rest: string[] = [];
  let into = said;
  let margin = 0;
  for (const line of output.split("\n").filter((each) => each.trim() !== "" && !NOISE.test(each))) {
    const header = HEADER.exec(line);
    if (header !== null) {
      margin = header.groups?.indent?.length ?? 0;
      into = [];
      blocks.set(`${blocks.size}`, into);
    } else if (SECTION.test(line) || /^ +--outputs:--$/.test(line)) {
      margin = line.startsWith(" ") ? 2 : 0;
      into = rest;
    } else if (into !== rest && !line.startsWith("  ")) {
      // What a provider wrote stands between the resources, wherever it came in.
      said.push(line);
      continue;
    }
    into.push(line.slice(0, margin).trim() === "" ? line.slice(margin) : line);
  }
  const sorted = [...blocks.values()].map((lines) => lines.join("\n")).sort(byUrn);
  return withoutChance([...sorted, ...said, ...rest].join("\n")) + "\n";
}

function byUrn(one: string, other: string): number {
  const urn = (block: string): string => /\[urn=(.*)\]/.exec(block)?.[1] ?? "";
  return urn(one) < urn(other) ? -1 : 1;
}

/** Of the whole text, in this order. */
const CHANCE: readonly (readonly [RegExp, string])[] = [
  [/localhost:\d+/g, "localhost:<port>"],
  [/sha256:[0-9a-f]{64}/g, "sha256:<digest>"],
  [/(-(?:sales|members|results))-[0-9a-f]{12}\b/g, "$1-<digest>"],
  [/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "<guid>"],
  [/"eyJ[\w.-]*"/g, '"<JSON in base64>"'],
  [/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>"],
  // The cloud's names: Azure's end in eight digits, those of AWS in seven.
  [/("[a-z][a-z-]*[a-z])[0-9a-f]{8}"/g, '$1<random>"'],
  [/("[a-z][a-z-]*)-[0-9a-f]{7}"/g, '$1-<random>"'],
  // A bucket's stands in its policies, too.
  [/(-bucket)-[0-9a-f]{7}\b/g, "$1-<random>"],
];

function withoutChance(text: string): string {
  const named = collaborators.reduce(
    (left, { name, tenantId, userOid }) =>
      left.replaceAll(userOid, `<${name}'s object id>`).replaceAll(tenantId, `<${name}'s tenant id>`),
    text,
  );
  return CHANCE.reduce((left, [pattern, word]) => left.replace(pattern, word), named);
}

/** The kept previews, by name. */
export function goldenPreviews(): Readonly<Record<string, string>> {
  const names = readdirSync(FOLDER).map((file) => file.replace(/\.txt$/, ""));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(FOLDER, `${name}.txt`), "utf8")]));
}

/** Keeps these previews and no others. Only for a run that deployed what they show. */
export function keepPreviews(previews: Readonly<Record<string, string>>): void {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  for (const [name, text] of Object.entries(previews)) {
    writeFileSync(join(FOLDER, `${name}.txt`), text);
  }
}
