// `npm run docs:stores`: writes docs/stores.md.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { storesPage } from "./page";

writeFileSync(join(__dirname, "..", "..", "docs", "stores.md"), storesPage());
