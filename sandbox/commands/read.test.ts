// What `sandbox:read` shows to a person, line by line.
import { describe as described } from "./read";

const hostData = "9f0c3d5e7a1b42688d24e6f1907c5ab3d4e8f6021b3c597e80a1d2c4f3b5e697";
const passed = { name: "document", ok: true, detail: "accepted by c0a7" };

test("a dataset that can be read is shown with its steps and first rows", () => {
  const steps = [passed, { name: "data", ok: true, detail: "3 rows of 2 fields read" }];
  const rows = [
    ["north", "1.5"],
    ["south", "2"],
  ];
  expect(described("sales-1", { ok: true, hostData, steps, columns: ["region", "amount"], rows, totalRows: 3 })).toBe(
    [
      "✓ document: accepted by c0a7",
      "✓ data: 3 rows of 2 fields read",
      "",
      "The clean room of host data 9f0c3d5e7a1b… can read sales-1.",
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
    caution: "the query runs over no rows",
    remedy: "bring the data up",
  };
  expect(described("sales-1", { ok: false, hostData, steps: [passed, failed] })).toBe(
    [
      "✓ document: accepted by c0a7",
      "✗ list: there is no data in sales/dato/",
      "  ! azure-cleanroom 8.0.0: the query runs over no rows",
      "  → bring the data up",
      "",
      "The clean room of host data 9f0c3d5e7a1b… cannot read sales-1.",
    ].join("\n"),
  );
});

test("a dataset for results is said to be written", () => {
  const steps = [{ name: "write", ok: true, detail: "an object was written, read back and removed" }];
  expect(described("results-1", { ok: true, hostData, steps })).toContain(
    "The clean room of host data 9f0c3d5e7a1b… can write results-1.",
  );
});

test("what a terminal would obey in others' text is shown, not done", () => {
  const steps = [{ name: "list", ok: false, detail: "no .csv file, but \u001b[2J.txt", remedy: "bring it up" }];
  expect(described("sales-1", { ok: false, hostData, steps })).toContain("but \\u001b[2J.txt");
});
