// Names that the clouds take, whatever a program's own is, and the same on every run.
import fc from "fast-check";
import { accountName, guidFrom, shortened, vaultName, vaultObjectName } from "./names";

const RUNS = { numRuns: 1_000 };

test("keeps a short name, and tells long ones apart by their end", () => {
  expect(shortened("sales", 15)).toBe("sales");
  const [one, other] = ["january", "february"].map((month) => shortened(`contosso-sales-of-${month}`, 15));
  expect(one).toHaveLength(15);
  expect(one).not.toBe(other);
});

test("makes names of accounts, vaults and what is in a vault from anything", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 1 }), (name) => {
      expect(accountName(`a${name}`, 16)).toMatch(/^[a-z0-9]{1,16}$/);
      expect(vaultObjectName(name)).toMatch(/^[A-Za-z0-9-]+$/);
      expect(vaultName(name, 15)).toMatch(/^[A-Za-z](?!.*--)[A-Za-z0-9-]{0,14}$/);
      expect(vaultName(name, 15)).not.toMatch(/-$/);
    }),
    RUNS,
  );
});

test("leaves alone what is a name already", () => {
  expect(vaultName("contosso-sales", 15)).toBe("contosso-sales");
  expect(vaultObjectName("contosso-sales")).toBe("contosso-sales");
  expect(accountName("contosso-sales", 16)).toBe("contossosales");
});

test("makes the same GUID from the same texts, and another from any others", () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z]*$/)), fc.array(fc.stringMatching(/^[a-z]*$/)), (one, other) => {
      expect(guidFrom(...one)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(guidFrom(...one) === guidFrom(...other)).toBe(one.join("\n") === other.join("\n"));
    }),
    RUNS,
  );
});
