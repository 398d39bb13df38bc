// Counts a test run and names what failed. Nothing is counted as passed that did not run to its end.
import path from "node:path";

/**
 * @param {{result: object | undefined, jestCode: number, hangs: boolean, everyTestRuns: boolean, checks: {name: string, passed: boolean}[], root: string}} run
 *   `result`: jest's JSON; `everyTestRuns`: a skipped test is a failure;
 *   `hangs`: jest had to be ended after the last test
 * @returns {{failures: string[], passed: number, failed: number}}
 */
export function summarize({ result, jestCode, hangs, everyTestRuns, checks, root }) {
  const failures = checks.filter((check) => !check.passed).map((check) => check.name);
  let passed = checks.length - failures.length;
  for (const file of result?.testResults ?? []) {
    const name = path.relative(root, file.name);
    const unfinished = file.assertionResults.filter((test) => isFailure(test, everyTestRuns));
    failures.push(
      ...unfinished.map((test) => `${name}: ${test.fullName}${test.status === "failed" ? "" : ` (${test.status})`}`),
    );
    if (file.status === "failed" && unfinished.length === 0) {
      failures.push(`${name}: could not be run`);
    }
    passed += file.assertionResults.filter((test) => test.status === "passed").length;
  }
  if ((result?.numTotalTests ?? 0) === 0) {
    failures.push("no test was run");
  } else if (hangs) {
    failures.push(
      "jest did not end by itself: a test left something open (`npm test -- --detectOpenHandles` names it)",
    );
  } else if (jestCode !== 0 && result.success && failures.length === 0) {
    failures.push(`jest ended with exit code ${jestCode}`);
  }
  return { failures, passed, failed: failures.length };
}

function isFailure(test, everyTestRuns) {
  return test.status === "failed" || (everyTestRuns && test.status !== "passed");
}
