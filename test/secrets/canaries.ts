// Looks for secrets in everything that was said or written, in each encoding in which one may stand there.

/** A secret, by the name under which a failure speaks of it. */
export type Canaries = Readonly<Record<string, string>>;

/** So many characters of an encoding are enough to find it: what is around it may change its ends. */
const PART = 24;

/** Each form of a secret that is looked for. */
function formsOf(secret: string): Readonly<Record<string, string>> {
  const bytes = Buffer.from(secret, "utf8");
  const decoded = Buffer.from(secret, "base64");
  const isBase64 = decoded.length > 8 && decoded.toString("base64") === secret;
  return {
    plain: secret,
    "in JSON": JSON.stringify(secret).slice(1, -1),
    "in a URL": encodeURIComponent(secret),
    "in hexadecimal digits": bytes.toString("hex"),
    ...Object.fromEntries(base64(bytes).map((form, at) => [`in base64, at ${at}`, form])),
    ...(isBase64
      ? { "as bytes in hexadecimal digits": decoded.toString("hex"), "as bytes": decoded.toString("latin1") }
      : {}),
  };
}

/** Base64 of the bytes at each place of the groups of three, without the ends that neighbours change. */
function base64(bytes: Buffer): readonly string[] {
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    return encoded.slice(before === 0 ? 0 : 4, -4).slice(0, PART);
  });
}

/** What was found: `<canary> <encoding> in <place>: <what stands around it>`; none when all is well. */
export function hits(canaries: Canaries, places: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(canaries).flatMap(([name, secret]) => {
    if (secret.length < 8) throw new Error(`the canary ${name} is too short to be told from other texts`);
    return Object.entries(formsOf(secret)).flatMap(([how, form]) =>
      Object.entries(places).flatMap(([place, text]) => {
        const at = text.toLowerCase().indexOf(form.toLowerCase());
        return at < 0 ? [] : [`${name} ${how} in ${place}: ${text.slice(Math.max(0, at - 120), at)}`];
      }),
    );
  });
}
