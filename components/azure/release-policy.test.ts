// Policies that admit several clean rooms, and none that admits nobody or everybody.
import { anyReleasePolicy, releasePolicyFor } from "./release-policy";

const [OLD, NEW] = ["0d".repeat(32), "4e".repeat(32)];
const policy = (hostData: string) => ({
  version: "1.0.0",
  anyOf: [
    {
      authority: "https://attest.example",
      allOf: [
        { claim: "x-ms-sevsnpvm-hostdata", equals: hostData },
        { claim: "x-ms-compliance-status", equals: "azure-compliant-uvm" },
      ],
    },
  ],
});

test("several policies become one, with each branch once, in their order", () => {
  const { anyOf } = policy(OLD);
  const turned = { version: "1.0.0", anyOf: anyOf.map((each) => ({ ...each, allOf: [...each.allOf].reverse() })) };
  expect(anyReleasePolicy([policy(NEW), policy(OLD), turned, policy(NEW)])).toEqual({
    version: "1.0.0",
    anyOf: [...policy(NEW).anyOf, ...anyOf],
  });
});

test("host data alone stands for a policy with the same conditions", () => {
  expect(releasePolicyFor(OLD, policy(NEW))).toEqual(policy(OLD));
});

test("fails without a branch", () => {
  expect(() => anyReleasePolicy([])).toThrow("releases a key to nobody, ever: name at least one clean room's policy");
  expect(() => anyReleasePolicy([{ version: "1.0.0", anyOf: [] }])).toThrow("releases a key to nobody");
});

test.each(["", "0d", `${OLD}0`, OLD.toUpperCase(), `0x${"0d".repeat(31)}`])(
  "fails with the host data %p",
  (hostData) => {
    expect(() => releasePolicyFor(hostData, policy(NEW))).toThrow(`'${hostData}' is no host data`);
  },
);

test("fails where the pattern itself asks for no host data: the key would go to any code", () => {
  const { authority } = policy(NEW).anyOf[0] ?? { authority: "" };
  const pattern = { version: "1.0.0", anyOf: [{ authority, allOf: [{ claim: "a", equals: "b" }] }] };
  expect(() => releasePolicyFor(OLD, pattern)).toThrow("names no x-ms-sevsnpvm-hostdata");
});
