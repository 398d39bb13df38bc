// Queries: published, voted on, and refused.
import { contractId } from "../world";
import { call, errorsOf, governance, newId, oid, published, query, useServices } from "./testing";

useServices();

describe("queries", () => {
  test("publishing proposes, with each dataset's owner as approver once, and is answered as it was given", async () => {
    const [input, output] = [await published("contosso"), await published("litware")];
    const id = `query-${newId()}`;
    const given = query(`${input}:sales,${output}:members`, `${output}:results`);
    expect((await call("fabrikam", "POST", `/analytics/queries/${id}/publish`, given)).status).toBe(204);
    const { body } = await call("fabrikam", "GET", `/analytics/queries/${id}`);
    expect(body).toMatchObject({
      id,
      state: "Proposed",
      proposerId: oid("fabrikam"),
      proposalId: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      approvers: [
        { approverId: oid("contosso"), approverIdType: "user" },
        { approverId: oid("litware"), approverIdType: "user" },
      ],
      data: query(`${input}:sales,${output}:members`, `${output}:results`, {
        queryData: [
          { executionSequence: 1, data: "select 'é' < 2", preConditions: "sales:10,members:5", postFilters: "n:3" },
        ],
      }),
    });
    expect((await call("fabrikam", "POST", `/analytics/queries/${id}/publish`, given)).status).toBe(204);
  });

  test("a vote of exactly accept accepts; anything else rejects, Accept too", async () => {
    const dataset = await published("contosso");
    const proposal = async (): Promise<[string, string]> => {
      const id = `query-${newId()}`;
      await call("fabrikam", "POST", `/analytics/queries/${id}/publish`, query(`${dataset}:a`, `${dataset}:b`));
      const { proposalId } = (await call("fabrikam", "GET", `/analytics/queries/${id}`)).body as { proposalId: string };
      return [id, proposalId];
    };
    const [one, first] = await proposal();
    expect(
      (await call("contosso", "POST", `/analytics/queries/${one}/vote`, { proposalId: first, voteAction: "accept" }))
        .status,
    ).toBe(204);
    expect((await call("contosso", "GET", `/analytics/queries/${one}`)).body).toMatchObject({ state: "Accepted" });
    const [two, second] = await proposal();
    expect(
      (await call("contosso", "POST", `/analytics/queries/${two}/vote`, { proposalId: second, voteAction: "Accept" }))
        .status,
    ).toBe(204);
    expect((await governance("contosso", "GET", `/users/proposals/${second}/status`)).body).toMatchObject({
      state: "Rejected",
    });
    expect((await call("contosso", "GET", `/analytics/queries/${two}`)).body).toMatchObject({
      state: "Draft",
      proposalId: "",
    });
  });

  test("a query over a dataset that is still a draft gets the approver that nobody is", async () => {
    const id = newId();
    await governance("litware", "PUT", `/userdocuments/${id}`, { contractId, data: "{}", labels: {}, approvers: [] });
    const queryId = `query-${newId()}`;
    await call("fabrikam", "POST", `/analytics/queries/${queryId}/publish`, query(`${id}:a`, `${id}:b`));
    const { approvers } = (await call("fabrikam", "GET", `/analytics/queries/${queryId}`)).body as {
      approvers: unknown;
    };
    expect(approvers).toEqual([{ approverId: "", approverIdType: "user" }]);
  });

  test.each([
    [
      "a dataset that does not exist",
      query("none:a", "none:b"),
      404,
      "A document with the specified id was not found.",
    ],
    [
      "a dataset without a view",
      query("none", "none:b"),
      400,
      "Query dataset is expected to be a ':' separated string of the format <DatasetDocumentId>:<View>.",
    ],
    [
      "a precondition without a number",
      query("a:a", "a:b", { queryData: [{ executionSequence: 1, data: "x", preConditions: "a:-1" }] }),
      400,
      "MinRowCount in PreCondition must be a valid integer.",
    ],
    [
      "a filter without a value",
      query("a:a", "a:b", { queryData: [{ executionSequence: 1, data: "x", postFilters: "a" }] }),
      400,
      "PostFilter is expected to be a ':' separated string of the format <ColumnName>:<Value>.",
    ],
  ])("fails to publish with %s, as a plain string", async (_, body, status, message) => {
    const reply = await call("fabrikam", "POST", `/analytics/queries/query-${newId()}/publish`, body);
    expect([reply.status, reply.text]).toEqual([status, `Error publishing query: ${message}`]);
  });

  test.each([
    ["a fractional sequence", { executionSequence: 1.5, data: "x" }, "$.queryData[0].executionSequence"],
    ["blank SQL", { executionSequence: 1, data: " " }, "queryData[0].data"],
    ["null filters", { executionSequence: 1, data: "x", postFilters: null }, "queryData[0].postFilters"],
  ])("fails to publish with %s: 400, as a problem", async (_, segment, key) => {
    const reply = await call(
      "fabrikam",
      "POST",
      "/analytics/queries/x/publish",
      query("a:a", "a:b", { queryData: [segment] }),
    );
    expect([reply.status, Object.keys(errorsOf(reply))]).toEqual([400, expect.arrayContaining([key])]);
  });
});
