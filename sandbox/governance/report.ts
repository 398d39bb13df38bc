// The attestation report of governance, as its recovery agent serves it. The sandbox runs on no confidential hardware
// and says so: platform `virtual`, no report.
import type { Tls } from "../context";
import { ok, type Route } from "../http";

export const REPORT_PATH = "/app/report";

export function attestationReport(tls: Tls): unknown {
  const payload = { serviceCert: tls.cert, constitutionDigest: "", jsAppBundleDigest: "" };
  return {
    platform: "virtual",
    report: null,
    reportDataPayload: Buffer.from(JSON.stringify(payload)).toString("base64"),
  };
}

export function reportRoutes(tls: Tls): Route[] {
  return [{ method: "GET", path: REPORT_PATH, handler: () => ok(attestationReport(tls)) }];
}
