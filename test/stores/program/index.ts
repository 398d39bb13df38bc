// The program that SCENARIO names.
import * as scenarios from "./scenarios";

const { SCENARIO = "" } = process.env;
const scenario = (scenarios as Readonly<Record<string, () => unknown>>)[SCENARIO];
if (scenario === undefined) {
  throw new Error(`no scenario '${SCENARIO}'`);
}

module.exports = scenario() as object;
