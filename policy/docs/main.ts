// `npm run docs:policies`: writes docs/policies.md.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { policiesPage } from "./page";

writeFileSync(join(__dirname, "..", "..", "docs", "policies.md"), policiesPage());
