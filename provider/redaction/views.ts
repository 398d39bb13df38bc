// A text as it reads once its escapes are undone: JSON's, also twice, percent and HTML ones. A secret may hide in each.

/** The text unescaped in every way that changes it. */
export function viewsOf(text: string): readonly string[] {
  const json = withoutJson(text);
  const form = withoutPercent(text.replaceAll("+", " "));
  const views = [json, withoutJson(json), withoutPercent(text), withoutPercent(json), form, withoutHtml(text)];
  return [...new Set(views)].filter((view) => view !== text);
}

const SHORT: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };

function withoutJson(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(["\\/nrtbf]))/g, (_all, code?: string, letter?: string) =>
    code === undefined ? (SHORT[letter ?? ""] ?? letter ?? "") : String.fromCharCode(parseInt(code, 16)),
  );
}

function withoutPercent(text: string): string {
  return text.replace(/(?:%[0-9a-fA-F]{2})+/g, (escaped) =>
    Buffer.from(escaped.replaceAll("%", ""), "hex").toString("utf8"),
  );
}

const NAMED: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function withoutHtml(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/gi, (all, hex, decimal, name) => {
    const code = hex === undefined ? Number(decimal) : parseInt(String(hex), 16);
    return name === undefined
      ? code <= 0x10ffff
        ? String.fromCodePoint(code)
        : String(all)
      : (NAMED[String(name).toLowerCase()] ?? String(all));
  });
}
