// Files beside a program, told apart by their content and found on every machine.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { dataFile, jsonFile, sqlFile } from ".";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "files-"));
  writeFileSync(join(folder, "a.sql"), "SELECT 'é'\n");
  writeFileSync(join(folder, "a.json"), '{"format":"csv"}');
  jest.spyOn(pulumi.runtime, "getRootDirectory").mockReturnValue(folder);
});
afterAll(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

test("are read as they are", () => {
  expect(sqlFile(join(folder, "a.sql"))).toBe("SELECT 'é'\n");
  expect(jsonFile(join(folder, "a.json"))).toEqual({ format: "csv" });
});

test("are named by their place in the project and their content, whatever their size", () => {
  writeFileSync(join(folder, "large.csv"), Buffer.alloc(3 * 1024 * 1024 + 1, "x"));
  const large = dataFile(join(folder, "large.csv"));
  expect(large.path).toBe("large.csv");
  expect(large.sha256).toMatch(/^[0-9a-f]{64}$/);
  writeFileSync(join(folder, "empty.csv"), "");
  expect(dataFile(join(folder, "empty.csv")).sha256).toBe(
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  );
});

test("fail outside the project, where another machine would not find them", () => {
  const outside = join(folder, "..", "elsewhere.csv");
  expect(() => dataFile(outside)).toThrow(`Data file '${outside}' is outside the project (${folder}): move it below`);
});

test("fail where they are not, with their path", () => {
  expect(() => sqlFile(join(folder, "none.sql"))).toThrow(join(folder, "none.sql"));
});
