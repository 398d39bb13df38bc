// What `sandbox:read` shows to a person, line by line.
import { describe as described } from "./read";

const passed = { name: "document", ok: true, detail: "accepted by c0a7" };

test("a dataset that can be read is shown with its steps and first rows", () => {
  const steps = [passed, { name: "data", ok: true, detail: "3 rows of 2 fields read" }];
  const rows = [
    ["north", "1.5"],
    ["south", "2"],
  ];
  expect(described("sales-1", { ok: true, steps, columns: ["region", "amount"], rows, totalRows: 3 })).toBe(
    [
      "✓ document: accepted by c0a7",
      "✓ data: 3 rows of 2 fields read",
      "",
      "The clean room can read sales-1.",
      "",
      "  region  amount",
      "  north   1.5",
      "  south   2",
      "  … and 1 row more",
    ].join("\n"),
  );
});

test("a step that fails is shown with what the real clean room would not say, and with what to mend", () => {
  const failed = {
    name: "list",
    ok: false,
    detail: "there is no data in sales/dato/",
    silently: "the query runs over no rows",
    remedy: "bring the data up",
  };
  expect(described("sales-1", { ok: false, steps: [passed, failed] })).toBe(
    [
      "✓ document: accepted by c0a7",
      "✗ list: there is no data in sales/dato/",
      "  ! the real clean room says nothing here: the query runs over no rows",
      "  → bring the data up",
      "",
      "The clean room cannot read sales-1.",
    ].join("\n"),
  );
});

test("a dataset for results is said to be written", () => {
  const steps = [{ name: "write", ok: true, detail: "an object was written, read back and removed" }];
  expect(described("results-1", { ok: true, steps })).toContain("The clean room can write results-1.");
});

test("what a terminal would obey in others' text is shown, not done", () => {
  const steps = [{ name: "list", ok: false, detail: "no .csv file, but \u001b[2J.txt", remedy: "bring it up" }];
  expect(described("sales-1", { ok: false, steps })).toContain("but \\u001b[2J.txt");
});
