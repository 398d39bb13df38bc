// Texts that break programs: quotes, ends of lines, escapes, invisible and incomplete characters, paths, names that
// objects have of their own, and the marks by which the engine tells its own values.

/** The engine's text for a value that is not known yet. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** Key by which the engine marks an object as one of its own kinds, a secret for one. */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET_MARK = "1b47061264138c4ac30d75fd1eb44270";

/** Each with a name for the test's title. */
export const TEXTS: readonly (readonly [string, string])[] = [
  ["quotes", `a'b"c\`d''e""f`],
  ["ends of lines", "a\nb\r\nc\rd\u2028e\u2029f\u0085g"],
  ["NUL and other controls", "a\u0000b\u0001c\u0007d\u001Be\u007Ff"],
  ["escapes", '\\n\\u0000\\\\\\"\\x41 %0A%00 &amp;&lt; $(id) ${x} {{y}}'],
  ["right-to-left marks", "a\u202Eb\u202Cc\u2066d\u2069e\u200Ff"],
  ["invisible characters", "a\u200Bb\u200Dc\uFEFFd\u00ADe"],
  ["composed and decomposed letters", "é e\u0301 Å \u212B"],
  ["letters beyond 16 bits", "a😀b𝒳c👩‍👩‍👧"],
  ["a path upwards", "../../../userdocuments/other"],
  ["an encoded path", "..%2f..%2Fother%5c%252f"],
  ["a query and a fragment", "a?b=c&d=e#f;g"],
  ["SQL in SQL", "x'; DROP VIEW sales; --"],
  ["the engine's unknown value in a text", `before ${UNKNOWN} after`],
  ["the engine's signature in a text", `${SIGNATURE}: ${SECRET_MARK}`],
  ["a JSON text", '{"__proto__":{"a":1},"constructor":1}'],
  ["a separator of lists", "a:b,c:d"],
  ["the name of what objects have", "__proto__"],
  ["another name of what objects have", "constructor"],
  ["blanks around it", "  a  "],
];

/** Characters that a pair has two of: alone they are no text that UTF-8 can say. */
export const LONE = "a\uD800b\uDC00c";

/** An object that the engine would take for a secret of its own. */
export const MARKED = { [SIGNATURE]: SECRET_MARK, value: "plain" };
