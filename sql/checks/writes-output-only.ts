import { at, type Check } from "../check";
import { isTemporaryView, madeViews } from "../names";
import { below, nameOf, type Node, type Place } from "../parse";

export const writesOutputOnly: Check = {
  code: "sql-writes-output-only",
  title: "Nothing is written but the query's output, and temporary views with names of their own.",
  remedy: "Let the last segment be a SELECT, whose result becomes the output; keep steps in temporary views.",
  find: ({ statements }, { inputs = [], output }) => {
    const provided = new Set(inputs.map(({ view }) => view.toLowerCase()));
    return statements.flatMap((statement) => {
      const replaced = madeViews({ statements: [statement] }).filter((view) => provided.has(nameOf(view)));
      const [work] = statement.children;
      const strange =
        work === undefined || isTemporaryView(work) || work.kind === "StatementDefault" ? [] : strangers(work, output);
      return [
        ...replaced.map(
          (view) => [at(view), `puts a view of its own in the place of the dataset's view '${view.text}'`] as const,
        ),
        ...strange,
      ];
    });
  },
};

function strangers(work: Node, output: string | undefined): ReturnType<Check["find"]> {
  const into = [...below(work)].filter(({ kind }) => kind === "InsertInto");
  if (into.length === 0) {
    const words = work.children.filter(({ kind }) => kind === "Word").slice(0, 3);
    const said = words.map(({ text }) => text.toUpperCase()).join(" ");
    return [[at(work), `is neither a query nor a temporary view: ${said === "" ? work.kind : said}`]];
  }
  return into.flatMap((insert): readonly (readonly [Place, string])[] => {
    const target = [...below(insert)].find(({ kind }) => kind === "TableName");
    if (target === undefined) {
      return [[at(insert), "writes to a folder"]];
    }
    const isOutput = output !== undefined && nameOf(target) === output.toLowerCase();
    return isOutput ? [] : [[at(target), `writes to '${target.text}', which is not the output`]];
  });
}
