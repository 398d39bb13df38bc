// The sandbox's own certificate authority and the one certificate of its services, made at the first start and kept.
// The authority's key is forgotten at once: nothing else can ever be signed in its name.
import "reflect-metadata";
import { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";
import type { Tls } from "./context";
import { readIfThere, replaceFile } from "./files";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const DAY = 24 * 60 * 60 * 1000;

/** Reads `ca.pem`, `tls.pem` and `tls.key` of `dir`, or makes them. */
export async function openTls(dir: string): Promise<Tls> {
  const paths = { ca: `${dir}/ca.pem`, cert: `${dir}/tls.pem`, key: `${dir}/tls.key` };
  const [ca, cert, key] = await Promise.all([readIfThere(paths.ca), readIfThere(paths.cert), readIfThere(paths.key)]);
  if (ca !== undefined && cert !== undefined && key !== undefined) return { ca, cert, key };
  const made = await make();
  // The authority comes last: with it the set is complete, and an interrupted start makes all three again.
  await replaceFile(paths.key, made.key);
  await replaceFile(paths.cert, made.cert);
  await replaceFile(paths.ca, made.ca);
  return made;
}

async function make(): Promise<Tls> {
  x509.cryptoProvider.set(webcrypto);
  const authority = await webcrypto.subtle.generateKey(algorithm, false, ["sign", "verify"]);
  const service = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const validity = { notBefore: new Date(Date.now() - DAY), notAfter: new Date(Date.now() + 3650 * DAY) };
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=Clean room sandbox",
    ...validity,
    signingAlgorithm: algorithm,
    keys: authority,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(authority.publicKey),
    ],
  });
  const cert = await x509.X509CertificateGenerator.create({
    subject: "CN=localhost",
    issuer: ca.subject,
    ...validity,
    signingAlgorithm: algorithm,
    publicKey: service.publicKey,
    signingKey: authority.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        { type: "dns", value: "localhost" },
        { type: "ip", value: "127.0.0.1" },
      ]),
      await x509.AuthorityKeyIdentifierExtension.create(authority.publicKey),
    ],
  });
  const key = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", service.privateKey)).toString("base64");
  const pem = (label: string, base64: string): string =>
    `-----BEGIN ${label}-----\n${base64.replace(/.{64}/g, "$&\n").trimEnd()}\n-----END ${label}-----\n`;
  return { ca: `${ca.toString("pem")}\n`, cert: `${cert.toString("pem")}\n`, key: pem("PRIVATE KEY", key) };
}
