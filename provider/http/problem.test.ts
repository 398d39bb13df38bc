// The shapes in which the services say no.
import fc from "fast-check";
import { readProblem } from "./problem";

const JSON_TYPE = "application/json; charset=utf-8";

test("reads governance's errors: a code and a message", () => {
  const text = '{"error":{"code":"UserDocumentNotFound","message":"No document with id x."}}';
  expect(readProblem(JSON_TYPE, text)).toEqual({ code: "UserDocumentNotFound", message: "No document with id x." });
});

test("reads a problem with what is wrong in each field", () => {
  const body = {
    title: "One or more validation errors occurred.",
    detail: "See errors.",
    errors: { "store.containerName": ["is required."], name: "is blank." },
  };
  expect(readProblem("application/problem+json", JSON.stringify(body))).toEqual({
    message: "One or more validation errors occurred.; See errors.; store.containerName: is required.; name: is blank.",
  });
});

test("reads a text, quoted as JSON or plain", () => {
  expect(readProblem(JSON_TYPE, '"Error publishing dataset: no"')).toEqual({ message: "Error publishing dataset: no" });
  expect(readProblem("text/plain", " Error publishing dataset: no\n")).toEqual({
    message: "Error publishing dataset: no",
  });
});

test("reads a sign-in service's errors", () => {
  const text = '{"error":"invalid_client","error_description":"AADSTS70021: No matching credential."}';
  expect(readProblem(JSON_TYPE, text)).toEqual({
    code: "invalid_client",
    message: "AADSTS70021: No matching credential.",
  });
  expect(readProblem(JSON_TYPE, '{"error":"invalid_client"}')).toEqual({
    code: "invalid_client",
    message: "invalid_client",
  });
});

test("says that a page is a page, by its title", () => {
  const page = "<!DOCTYPE html><html><head><title> Sign in </title></head></html>";
  const expected = {
    code: "NotTheService",
    message: "an HTML page (titled 'Sign in'), so this is not the service itself",
  };
  expect(readProblem("text/html", page)).toEqual(expected);
  expect(readProblem("text/plain", page)).toEqual(expected);
  expect(readProblem("text/html", "<p>hello</p>").message).toContain("untitled");
});

test("says when a service explained nothing", () => {
  for (const text of ["  ", '""', '{"title":""}', '{"error":{"message":" "}}']) {
    expect([text, readProblem(JSON_TYPE, text).message]).toEqual([text, "(no explanation)"]);
  }
});

test("loses nothing of a shape that it does not know", () => {
  expect(readProblem(JSON_TYPE, '{"reason":"busy"}')).toEqual({ message: '{"reason":"busy"}' });
  expect(readProblem(JSON_TYPE, '{"error":{"code":7}}')).toEqual({ code: undefined, message: '{"code":7}' });
  expect(readProblem(JSON_TYPE, '{"error":')).toEqual({ message: '{"error":' });
});

test("shortens what is long, and says how long it was", () => {
  const { message } = readProblem("text/plain", "x".repeat(5_000));
  expect(message).toHaveLength(2_000 + "… (5000 characters)".length);
  expect(message).toMatch(/… \(5000 characters\)$/);
});

test("answers a message of bounded length, whatever the service said", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ maxLength: 3_000 }), fc.json()),
      fc.constantFrom(JSON_TYPE, "text/html", ""),
      (text, type) => {
        const { message } = readProblem(type, text);
        expect(message.length).toBeGreaterThan(0);
        expect(message.length).toBeLessThan(2_100);
      },
    ),
    { numRuns: 1_000 },
  );
});
