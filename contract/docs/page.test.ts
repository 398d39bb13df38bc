// The page of stores is what the table of combinations says.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { storesPage } from "./page";

test("docs/stores.md is what `npm run docs:stores` writes", () => {
  expect(readFileSync(join(__dirname, "..", "..", "docs", "stores.md"), "utf8")).toBe(storesPage());
});
