// The attestation service, shaped like Microsoft Azure Attestation: takes a report of the processor and the keys that it
// vouches for, answers a token that key vaults believe when their policies name this service as authority.
import { createHash, type JsonWebKey } from "node:crypto";
import { SignJWT } from "jose";
import type { SandboxContext } from "../../context";
import { type Gate, ok, type Request, type Route, ServiceError, startService } from "../../http";
import { openSigningKey, type SigningKey } from "../../signin";
import { Processor } from "./report";

const LIFETIME = 8 * 60 * 60;

export interface AttestationService {
  /** The authority that release policies name, and the issuer of its tokens. No slash at the end. */
  readonly url: string;
  /** Plays a clean room of this host data: has its processor report on `keys`, and the report attested. */
  attest(evidence: { readonly hostData: string; readonly keys: readonly JsonWebKey[] }): Promise<string>;
  close(): Promise<void>;
}

interface Evidence {
  readonly report: Buffer;
  /** JSON, whose SHA-256 the report carries. */
  readonly runtimeData: Buffer;
  readonly nonce?: string;
}

export async function startAttestation(ctx: SandboxContext, gate?: Gate): Promise<AttestationService> {
  const port = await ctx.ports.get("attestation");
  const url = `https://localhost:${port}`;
  const [processor, key] = await Promise.all([
    Processor.open(`${ctx.dir}/processor.key`),
    openSigningKey(`${ctx.dir}/attestation.key`),
  ]);
  const attest = (evidence: Evidence): Promise<string> => token(url, key, ctx.clock(), processor, evidence);
  const routes: Route[] = [
    {
      method: "POST",
      path: "/attest/SevSnpVm",
      handler: async (request) => ok({ token: await attest(await read(request)) }),
    },
    { method: "GET", path: "/certs", handler: () => ok({ keys: [key.jwk] }) },
    {
      method: "GET",
      path: "/.well-known/openid-configuration",
      handler: () =>
        ok({
          issuer: url,
          jwks_uri: `${url}/certs`,
          response_types_supported: ["token", "none"],
          id_token_signing_alg_values_supported: ["RS256"],
          claims_supported: [
            "x-ms-attestation-type",
            "x-ms-compliance-status",
            "x-ms-sevsnpvm-hostdata",
            "x-ms-runtime",
          ],
        }),
    },
  ];
  const service = await startService({
    service: "attestation",
    port,
    tls: ctx.tls,
    routes,
    gate,
    log: (line) => ctx.log(line),
  });
  return {
    url,
    attest: ({ hostData, keys }) => {
      const runtimeData = Buffer.from(JSON.stringify({ keys }));
      return attest({ report: processor.report({ hostData, reportData: digest(runtimeData) }), runtimeData });
    },
    close: () => service.close(),
  };
}

async function token(
  url: string,
  key: SigningKey,
  now: Date,
  processor: Processor,
  evidence: Evidence,
): Promise<string> {
  const report = processor.verify(evidence.report);
  if (report === undefined) throw invalid("the report does not carry the processor's signature");
  if (!report.reportData.equals(digest(evidence.runtimeData))) {
    throw invalid("the report's data is not the SHA-256 of the runtime data");
  }
  const time = Math.floor(now.getTime() / 1000);
  const claims = {
    "x-ms-ver": "1.0",
    "x-ms-attestation-type": "sevsnpvm",
    "x-ms-compliance-status": "azure-compliant-uvm",
    "x-ms-sevsnpvm-hostdata": report.hostData,
    "x-ms-sevsnpvm-is-debuggable": false,
    "x-ms-sevsnpvm-reportdata": report.reportData.toString("hex"),
    "x-ms-runtime": parse(evidence.runtimeData),
    ...(evidence.nonce !== undefined && { nonce: evidence.nonce }),
  };
  return new SignJWT(claims)
    .setProtectedHeader({ alg: "RS256", kid: key.kid, typ: "JWT", jku: `${url}/certs` })
    .setIssuer(url)
    .setIssuedAt(time)
    .setNotBefore(time)
    .setExpirationTime(time + LIFETIME)
    .sign(key.privateKey);
}

/** The body of `POST /attest/SevSnpVm`, in which every value of bytes is base64url. */
async function read(request: Request): Promise<Evidence> {
  const body = (await request.json()) as {
    report?: unknown;
    runtimeData?: { data?: unknown; dataType?: unknown };
    nonce?: unknown;
  } | null;
  const data = body?.runtimeData?.data;
  if (typeof body?.report !== "string" || typeof data !== "string")
    throw invalid("report and runtimeData.data are required");
  if (body.runtimeData?.dataType !== "JSON") throw invalid("runtimeData.dataType must be JSON");
  const { SnpReport: snpReport } = parse(Buffer.from(body.report, "base64url")) as { SnpReport?: unknown };
  if (typeof snpReport !== "string") throw invalid("report is not an object with SnpReport");
  return {
    report: Buffer.from(snpReport, "base64url"),
    runtimeData: Buffer.from(data, "base64url"),
    nonce: typeof body.nonce === "string" ? body.nonce : undefined,
  };
}

function parse(bytes: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(bytes.toString("utf8"));
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // refused below, like every other value that is no object
  }
  throw invalid("a value is not a JSON object in base64url");
}

const invalid = (why: string): ServiceError =>
  new ServiceError(400, "InvalidParameter", `Attestation is refused: ${why}.`);

/** SHA-256 in the first half of the report's 64 bytes. */
function digest(data: Buffer): Buffer {
  return Buffer.concat([createHash("sha256").update(data).digest(), Buffer.alloc(32)]);
}
