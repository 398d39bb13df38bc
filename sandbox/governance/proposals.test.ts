// Proposals and votes, row by row as the real service answers.
import {
  accepted,
  approvers,
  call,
  type Document,
  draft,
  get,
  newId,
  oid,
  propose,
  proposed,
  put,
  refusal,
  useServices,
  vote,
} from "./testing";

useServices();

describe("proposals", () => {
  test("an open proposal is what a reader sees", async () => {
    const { id, version, proposalId } = await proposed("litware", "contosso");
    expect(proposalId).toMatch(/^[0-9a-f]{32}$/);
    expect(await get(id)).toMatchObject({ state: "Proposed", version, proposalId, proposerId: oid("fabrikam") });
    const status = await call("litware", "GET", `/users/proposals/${proposalId}/status`);
    expect(status.body).toEqual({ proposerId: oid("fabrikam"), state: "Open", ballots: [] });
    const proposal = await call("litware", "GET", `/users/proposals/${proposalId}`);
    expect(proposal.body).toMatchObject({ proposalId, name: "set_user_document", args: { documentId: id } });
  });

  test("an update while proposed is taken, and neither seen nor accepted", async () => {
    const { id, version, proposalId } = await proposed("litware");
    expect((await put("contosso", id, { version, data: "later" })).status).toBe(200);
    expect(await get(id)).toMatchObject({ state: "Proposed", data: "text", version });
    expect(refusal(await put("contosso", id, { version: (await get(id)).version }))).toEqual([
      412,
      "PreconditionFailed",
    ]);
    await vote("litware", id, proposalId);
    expect(await get(id)).toMatchObject({ state: "Accepted", data: "text" });
  });

  test("the last needed accept makes the document accepted, with a new version and the votes", async () => {
    const { id, version, proposalId } = await proposed("litware", "contosso");
    const first = await vote("litware", id, proposalId);
    expect(first.body).toMatchObject({ state: "Open", ballots: [{ approverId: oid("litware"), ballot: "accepted" }] });
    expect((await get(id)).state).toBe("Proposed");
    expect((await vote("contosso", id, proposalId)).body).toMatchObject({ state: "Accepted" });
    const document = await get(id);
    expect(document).toMatchObject({
      state: "Accepted",
      proposalId,
      proposerId: oid("fabrikam"),
      finalVotes: [
        { approverId: oid("litware"), ballot: "accepted" },
        { approverId: oid("contosso"), ballot: "accepted" },
      ],
    });
    expect(document.version).not.toBe(version);
  });

  test("one reject makes it a draft again, with its old version", async () => {
    const { id, version, proposalId } = await proposed("litware", "contosso");
    expect((await vote("litware", id, proposalId, "reject")).body).toMatchObject({ state: "Rejected" });
    expect(await get(id)).toMatchObject({ state: "Draft", version, proposalId: "" });
  });

  test("withdrawing makes it a draft again, and it may be proposed anew", async () => {
    const { id, version, proposalId } = await proposed("litware");
    const reply = await call("fabrikam", "POST", `/users/proposals/${proposalId}/withdraw`);
    expect(reply.body).toEqual({ proposerId: oid("fabrikam"), state: "Withdrawn", ballots: [] });
    expect(await get(id)).toMatchObject({ state: "Draft", version });
    expect((await propose("litware", id, version)).status).toBe(200);
  });

  test("approvers that are left out become the active members", async () => {
    const id = newId();
    await put("fabrikam", id);
    await propose("fabrikam", id, (await get(id)).version);
    expect((await get(id)).approvers).toEqual([
      { approverId: expect.stringMatching(/^[0-9a-f]{64}$/) as string, approverIdType: "member" },
    ]);
  });

  test("a forged proposal alone makes a document accepted, with other content and other approvers", async () => {
    const { id } = await draft("litware", "contosso");
    const forged = { contractId: "analytics", data: "forged", labels: {} };
    const { body } = await call("fabrikam", "POST", "/users/proposals/create", {
      name: "set_user_document",
      args: { documentId: id, document: forged },
      approvers: approvers("fabrikam"),
    });
    const { proposalId } = body as Document;
    expect((await call("fabrikam", "POST", `/users/proposals/${proposalId}/ballots/vote_accept`)).status).toBe(200);
    expect(await get(id)).toMatchObject({ state: "Accepted", data: "forged", approvers: approvers("fabrikam") });
  });

  test.each([
    ["of another kind", { name: "set_contract", args: {} }, 400, "InvalidProposalType"],
    ["without a document id", { name: "set_user_document", args: {} }, 400, "InvalidUserDocumentId"],
    ["without arguments", { name: "set_user_document" }, 500, "InternalError"],
  ])("fails to create a proposal %s", async (_, body, status, code) => {
    expect(refusal(await call("fabrikam", "POST", "/users/proposals/create", body))).toEqual([status, code]);
  });

  test("fails to propose without a version, with a stale one, or twice", async () => {
    const { id, version } = await draft("litware");
    expect(refusal(await propose("fabrikam", id))).toEqual([400, "VersionMissing"]);
    expect(refusal(await propose("fabrikam", id, "1.1"))).toEqual([400, "UserDocumentModified"]);
    await propose("fabrikam", id, version);
    expect(refusal(await propose("litware", id, version))).toEqual([409, "UserDocumentAlreadyProposed"]);
  });

  test("fails to update or propose an accepted document: 405, and with the draft's old version 400", async () => {
    const { id, version } = await accepted("litware");
    expect(refusal(await put("fabrikam", id, { version }))).toEqual([405, "UserDocumentAlreadyAccepted"]);
    expect(refusal(await propose("fabrikam", id, (await get(id)).version))).toEqual([
      405,
      "UserDocumentAlreadyAccepted",
    ]);
    expect(refusal(await propose("fabrikam", id, version))).toEqual([400, "UserDocumentModified"]);
  });

  test("fails to vote for one who is no approver, the proposer included: 403", async () => {
    const { id, proposalId } = await proposed("litware");
    expect(refusal(await vote("fabrikam", id, proposalId))).toEqual([403, "NotProposalApprover"]);
  });

  test("fails to vote twice, while open and after acceptance: 409", async () => {
    const { id, proposalId } = await proposed("litware", "contosso");
    await vote("litware", id, proposalId);
    expect(refusal(await vote("litware", id, proposalId))).toEqual([409, "BallotAlreadySubmitted"]);
    await vote("contosso", id, proposalId);
    expect(refusal(await vote("litware", id, proposalId))).toEqual([409, "ProposalNotOpen"]);
  });

  test("fails to vote without the open proposal's id: 400", async () => {
    const { id, proposalId } = await proposed("litware");
    expect(refusal(await call("litware", "POST", `/userdocuments/${id}/vote_accept`, {}))).toEqual([
      400,
      "ProposalIdMissing",
    ]);
    expect(refusal(await vote("litware", id, "other"))).toEqual([400, "ProposalIdMismatch"]);
    await vote("litware", id, proposalId, "reject");
    expect(refusal(await vote("litware", id, proposalId))).toEqual([400, "UserDocumentNotProposed"]);
  });

  test("fails to withdraw for another than the proposer, and when it is not open", async () => {
    const { id, proposalId } = await proposed("litware");
    const path = `/users/proposals/${proposalId}/withdraw`;
    expect(refusal(await call("litware", "POST", path))).toEqual([403, "NotProposalOwner"]);
    await vote("litware", id, proposalId);
    expect(refusal(await call("fabrikam", "POST", path))).toEqual([409, "ProposalNotOpen"]);
  });

  test("fails to read an unknown proposal: 404", async () => {
    expect(refusal(await call("litware", "GET", "/users/proposals/x"))).toEqual([404, "ProposalNotFound"]);
    expect(refusal(await call("litware", "GET", "/users/proposals/x/status"))).toEqual([404, "ProposalNotFound"]);
    expect(refusal(await call("litware", "POST", "/users/proposals/x/withdraw"))).toEqual([404, "ProposalNotFound"]);
  });
});
