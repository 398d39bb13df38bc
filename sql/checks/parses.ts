import type { Check } from "../check";

export const parses: Check = {
  code: "sql-parses",
  title: "Every segment is Spark SQL, and says something.",
  remedy: "Correct it: what nobody can read, nobody can agree to.",
  find: ({ errors, statements }) => {
    const [first] = errors;
    if (first !== undefined) {
      return [[first, `can't be parsed: ${first.message}`]];
    }
    return statements.length === 0 ? [[{ line: 1, column: 1 }, "has no statement"]] : [];
  },
};
