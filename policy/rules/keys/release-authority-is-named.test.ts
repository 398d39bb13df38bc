import { KEY } from "../../resources/azure";
import { testRule, UNKNOWN } from "../../../test/helpers/rule-cases";
import { releaseAuthorityIsNamed } from "./release-authority-is-named";

const key = (...authorities: unknown[]): { type: string; inputs: object } => ({
  type: KEY,
  inputs: {
    properties: {
      releasePolicy: {
        data: Buffer.from(JSON.stringify({ anyOf: authorities.map((authority) => ({ authority })) })).toString(
          "base64url",
        ),
      },
    },
  },
});
const OURS = "https://sharedneu.neu.attest.azure.net";

testRule(releaseAuthorityIsNamed, {
  violations: [
    {
      what: "an empty authority",
      given: key(OURS, ""),
      says: "Key 'sales' has a release policy whose branch anyOf[1] names no authority",
    },
    {
      what: "any authority",
      given: key("https://*"),
      says: "Key 'sales' has a release policy whose branch anyOf[0] has the authority 'https://*', which is no https address of one service",
    },
    {
      what: "an authority without TLS",
      given: key("http://attest.example"),
      says: "Key 'sales' has a release policy whose branch anyOf[0] has the authority 'http://attest.example', which is no https address of one service",
    },
    {
      what: "an authority that is not allowed",
      given: key("https://attest.example"),
      settings: { authorities: [OURS] },
      says: `Key 'sales' has a release policy whose branch anyOf[0] has the authority 'https://attest.example'; allowed are ${OURS}`,
    },
  ],
  complies: [
    { what: "a named service", given: key(OURS) },
    { what: "an allowed service, with a slash at its end", given: key(`${OURS}/`), settings: { authorities: [OURS] } },
  ],
  unknown: {
    what: "a release policy",
    given: { type: KEY, inputs: { properties: { releasePolicy: { data: UNKNOWN } } } },
    path: "properties.releasePolicy.data of Key 'sales'",
  },
  missing: {
    what: "a branch without an authority",
    given: key(undefined),
    says: "Key 'sales' has a release policy whose branch anyOf[0] names no authority",
  },
});
