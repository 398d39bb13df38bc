// Consent to the use of accepted documents.
import { type Person, type Reply } from "../testing";
import { accepted, call, draft, oid, refusal, useServices } from "./testing";

useServices();

describe("consent", () => {
  const set = (who: Person, id: string, option: string, how: string): Promise<Reply> =>
    call(who, "POST", `/userdocuments/${id}/runtimeoptions/${option}/${how}`);
  const status = (id: string, option = "execution"): Promise<Reply> =>
    call("fabrikam", "POST", `/userdocuments/${id}/checkstatus/${option}`);

  test("one approver's disable holds until that same approver enables", async () => {
    const { id } = await accepted("litware", "contosso");
    expect((await status(id)).body).toEqual({ status: "enabled" });
    expect((await set("litware", id, "execution", "disable")).status).toBe(200);
    await set("contosso", id, "execution", "enable");
    expect((await status(id)).body).toEqual({
      status: "disabled",
      reason: {
        code: "UserDocumentRuntimeOptionDisabled",
        message: `UserDocument runtime option 'execution' for document ${id} has been disabled by the following approver(s): m[${oid("litware")}].`,
      },
    });
    expect((await status(id, "telemetry")).body).toEqual({ status: "enabled" });
    await set("litware", id, "execution", "enable");
    expect((await status(id)).body).toEqual({ status: "enabled" });
  });

  test("a draft is disabled", async () => {
    const { id } = await draft("litware");
    expect((await status(id)).body).toMatchObject({ status: "disabled", reason: { code: "UserDocumentNotAccepted" } });
  });

  test("fails to set for a draft (400), for no document (404), and for one who is no approver (403)", async () => {
    const { id } = await draft("litware");
    expect(refusal(await set("litware", id, "execution", "disable"))).toEqual([400, "UserDocumentNotAccepted"]);
    expect(refusal(await set("litware", "nothing", "execution", "disable"))).toEqual([404, "UserDocumentNotFound"]);
    const other = await accepted("litware");
    expect(refusal(await set("fabrikam", other.id, "execution", "disable"))).toEqual([403, "NotUserDocumentApprover"]);
  });

  test("fails with an unknown option: 400", async () => {
    const { id } = await accepted("litware");
    expect(refusal(await set("litware", id, "other", "disable"))).toEqual([400, "InvalidUserDocumentRuntimeOption"]);
    expect(refusal(await status(id, "other"))).toEqual([400, "InvalidUserDocumentRuntimeOption"]);
  });
});
