// The one member of the consortium: the collaborator in whose subscription governance runs. Members act through
// certificates, outside the routes of the sandbox; their id is what approvers default to.
import { createHash } from "node:crypto";
import { collaboration } from "../world";

/** SHA-256 of the member's certificate, here of its name. */
export const memberId = createHash("sha256").update(`member ${collaboration.ownerName}`).digest("hex");
