import { at, type Check } from "../check";
import { below, nameOf, type Node } from "../parse";

export const namesColumns: Check = {
  code: "sql-names-columns",
  title: "Columns of another's data are taken by name, never all of them (SELECT *).",
  remedy: "Name the columns: with * a query takes fields that are added or allowed later, and that nobody agreed to.",
  cannot: ({ inputs }) => (inputs === undefined ? "the query's datasets are not known" : undefined),
  find: ({ statements }, { inputs = [] }) => {
    const others = new Set(inputs.filter(({ own }) => own !== true).map(({ view }) => view.toLowerCase()));
    const isOthers = (node: Node): boolean => others.has(nameOf(node));
    return statements.flatMap((statement) =>
      [...below(statement)].flatMap((node) => {
        if (node.kind === "QueryPrimary" && node.children[0]?.text.toUpperCase() === "TABLE") {
          return node.children
            .filter(isOthers)
            .map((table) => [at(node), `takes every column of '${table.text}'`] as const);
        }
        return node.kind === "QuerySpecification" || node.kind === "FromStatement" || node.kind === "MultipleInsert"
          ? starsOf(node, isOthers)
          : [];
      }),
    );
  },
};

/** Stars of this query itself, over tables that it itself reads: those of queries inside it are theirs. */
function starsOf(query: Node, isOthers: (node: Node) => boolean): ReturnType<Check["find"]> {
  const own = [...below(query, ({ kind }) => kind !== "QueryStatement" && kind !== "QuerySpecification")];
  const tables = own.filter(({ kind }) => kind === "TableName" || kind === "ViewName");
  return own
    .filter(({ kind }) => kind === "TableAllColumns")
    .flatMap((star) => {
      const of = star.text.slice(0, -1).replace(/\.$/, "").toLowerCase();
      const taken = tables
        .filter(isOthers)
        .filter((table) => of === "" || nameOf(table) === of || aliasOf(table, own) === of);
      return taken
        .slice(0, 1)
        .map((table) => [at(star), `takes every column of '${table.text}' (${star.text})`] as const);
    });
}

function aliasOf(table: Node, nodes: readonly Node[]): string | undefined {
  const source = nodes.find(({ children }) => children.includes(table));
  const alias = source?.children.find(({ kind }) => kind === "TableAlias");
  const name = alias?.children.find(({ text }) => text.toUpperCase() !== "AS");
  return name && nameOf(name);
}
