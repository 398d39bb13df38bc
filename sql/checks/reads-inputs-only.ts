import { at, type Check } from "../check";
import { madeViews, namedQueries, readNames } from "../names";
import { nameOf } from "../parse";

export const readsInputsOnly: Check = {
  code: "sql-reads-inputs-only",
  title: "Every view that is read is a dataset's, or one that the query makes before.",
  remedy: "Read the datasets' views, by the names that inputs gives them.",
  cannot: ({ inputs }) => (inputs === undefined ? "the query's datasets are not known" : undefined),
  find: (segment, { inputs = [] }, all) => {
    const provided = new Set(inputs.map(({ view }) => view.toLowerCase()));
    // Segments of the same sequence run in parallel: none may rely on another's views.
    const before = all.filter(({ sequence }) => sequence < segment.sequence).flatMap(madeViews);
    const known = new Set([...provided, ...before.map(nameOf)]);
    return segment.statements.flatMap((statement) => {
      const local = namedQueries(statement);
      const strange = readNames(statement).filter((node) => !known.has(nameOf(node)) && !local.has(nameOf(node)));
      for (const view of madeViews({ statements: [statement] })) {
        known.add(nameOf(view));
      }
      return strange.map(
        (node) =>
          [
            at(node),
            node.kind === "IdentifierReference"
              ? `reads a table whose name is worked out when it runs (${node.text})`
              : `reads '${node.text}', which no dataset provides`,
          ] as const,
      );
    });
  },
};
