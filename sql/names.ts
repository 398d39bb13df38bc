// Which views a segment makes, and which it reads.
import type { ParsedSegment } from "./check";
import { below, nameOf, type Node } from "./parse";

/** Statements that make a temporary view, with the view's name. */
export function madeViews({ statements }: Pick<ParsedSegment, "statements">): readonly Node[] {
  return statements.flatMap((statement) =>
    statement.children
      .filter(isTemporaryView)
      .flatMap((view) => [...below(view)].filter(({ kind }) => kind === "ViewNameCreate").slice(0, 1)),
  );
}

/** `CREATE [OR REPLACE] TEMPORARY VIEW`: of this session alone, unlike a global one. */
export function isTemporaryView({ kind, children }: Node): boolean {
  const words = children.filter((child) => child.kind === "Word").map(({ text }) => text.toUpperCase());
  return (
    kind === "CreateView" && words.some((word) => word === "TEMP" || word === "TEMPORARY") && !words.includes("GLOBAL")
  );
}

/** Names of common table expressions of the statement. */
export function namedQueries(statement: Node): ReadonlySet<string> {
  const named = [...below(statement)].filter(({ kind }) => kind === "NamedQuery");
  return new Set(named.flatMap(({ children }) => children.slice(0, 1)).map(nameOf));
}

const WRITTEN = new Set(["InsertInto", "ViewNameCreate", "TableNameCreate"]);

/** Places where a table or view is read. */
export function readNames(statement: Node): readonly Node[] {
  const into = (node: Node): boolean => !WRITTEN.has(node.kind);
  return [...below(statement, into)].filter(
    ({ kind }) => kind === "TableName" || kind === "ViewName" || kind === "IdentifierReference",
  );
}
