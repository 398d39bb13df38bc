// Issuers of tokens that are no clean room's: pipelines and clusters sign in with federated credentials, too.

export const PIPELINE_ISSUERS: readonly string[] = [
  "https://token.actions.githubusercontent.com",
  "https://gitlab.com",
  "https://vstoken.dev.azure.com/",
];
