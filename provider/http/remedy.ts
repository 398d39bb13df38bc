// What helps against a refusal, where its status or code says enough by itself.

export function remedyOf(status: number, code: string | undefined): string | undefined {
  if (status === 401) {
    return "The token was not accepted: it may have expired. Sign in again, or set a new cleanroom:token (or CLEANROOM_TOKEN).";
  }
  switch (code) {
    case "CallerNotAuthorized":
      return "This user is no collaborator of the clean room: ask the collaboration's owner for an invitation, and accept it.";
    case "CallerTenantNotAuthorized":
      return "The token is of another tenant than the one this user is registered with: sign in to that tenant.";
    case "NotTheService":
      return "Check the service's address: a sign-in page or a proxy answered in its place.";
    case "InvalidToken":
    case "InvalidAuthorizationHeader":
      return "The token is not one the frontend accepts: sign in again, and check cleanroom:token (or CLEANROOM_TOKEN).";
    default:
      return undefined;
  }
}
