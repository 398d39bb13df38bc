import { at, type Check } from "../check";
import { below, nameOf, type Node } from "../parse";

/** Functions that run other code, reach other places, or say in an error what no result may say (Spark SQL built-ins). */
const FUNCTIONS: ReadonlyMap<string, string> = new Map([
  ["reflect", "runs any Java method"],
  ["try_reflect", "runs any Java method"],
  ["java_method", "runs any Java method"],
  ["raise_error", "puts data into an error, which no filter sees"],
  ["assert_true", "puts data into an error, which no filter sees"],
  ["input_file_name", "tells where the data is kept"],
  ["input_file_block_start", "tells how the data is kept"],
  ["input_file_block_length", "tells how the data is kept"],
]);

const STATEMENTS: ReadonlyMap<string, string> = new Map([
  ["CreateFunction", "makes a function of other code"],
  ["ManageResource", "loads other code or files"],
  ["SetConfig", "changes how Spark works"],
  ["SetConfigAndValue", "changes how Spark works"],
  ["SetConfigAnyKey", "changes how Spark works"],
  ["SetAny", "changes how Spark works"],
]);

export const staysInside: Check = {
  code: "sql-stays-inside",
  title: "No function, script or setting reaches out of the query.",
  remedy: "Leave it out: a query needs nothing but its views and SQL's own functions.",
  find: ({ statements, words }) => [
    // By the words: the grammar takes some calls for a column and its new names.
    ...words.flatMap((word, index) => {
      const effect = words[index + 1]?.text === "(" ? FUNCTIONS.get(nameOf(word)) : undefined;
      return effect === undefined ? [] : [[at(word), `calls ${word.text}, which ${effect}`] as const];
    }),
    ...statements.flatMap((statement) =>
      [...below(statement)].flatMap((node) => {
        const effect = effectOf(node);
        return effect === undefined ? [] : [[at(node), effect] as const];
      }),
    ),
  ],
};

function effectOf({ kind, children }: Node): string | undefined {
  if (kind === "TransformClause" && children.some(({ text }) => text.toUpperCase() === "USING")) {
    const script = children.find((child) => child.kind === "StringLit")?.text ?? "";
    return `hands rows to the script ${script}`;
  }
  return STATEMENTS.get(kind);
}
