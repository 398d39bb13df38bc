// SEV-SNP attestation reports in AMD's layout (ABI specification 1.55, table "ATTESTATION_REPORT", 1,184 bytes), signed
// by a key that stands in for the processor's: nobody outside the sandbox's clean room can claim a measurement.
import { generateKeyPairSync, type KeyObject, createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { readIfThere, replaceFile } from "../../files";

const SIZE = 0x4a0;
const REPORT_DATA = 0x50;
const HOST_DATA = 0xc0;
const SIGNATURE = 0x2a0;
/** R and S are little-endian numbers in fields of 72 bytes; of P-384 they take 48. */
const FIELD = 72;
const NUMBER = 48;

export interface Report {
  /** Hexadecimal, 32 bytes: the digest of the security policy that the virtual machine was started with. */
  readonly hostData: string;
  /** 64 bytes that the virtual machine chose: the digest of the keys that it made. */
  readonly reportData: Buffer;
}

/** The processor, as far as attestation needs it. */
export class Processor {
  private constructor(private readonly key: KeyObject) {}

  /** Reads the processor's key of `file`, or makes it there. */
  static async open(file: string): Promise<Processor> {
    const pem = await readIfThere(file);
    if (pem !== undefined) return new Processor(createPrivateKey(pem));
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-384" });
    await replaceFile(file, privateKey.export({ type: "pkcs8", format: "pem" }) as string);
    return new Processor(privateKey);
  }

  report({ hostData, reportData }: Report): Buffer {
    if (!/^[0-9a-f]{64}$/i.test(hostData))
      throw new RangeError(`host data ${JSON.stringify(hostData)} is not 64 hexadecimal digits`);
    const report = Buffer.alloc(SIZE);
    report.writeUInt32LE(2, 0);
    report.writeUInt32LE(1, 0x34);
    reportData.copy(report, REPORT_DATA, 0, 64);
    report.write(hostData, HOST_DATA, "hex");
    const signature = sign("sha384", report.subarray(0, SIGNATURE), { key: this.key, dsaEncoding: "ieee-p1363" });
    for (const [index, number] of [signature.subarray(0, NUMBER), signature.subarray(NUMBER)].entries()) {
      Buffer.from(number)
        .reverse()
        .copy(report, SIGNATURE + index * FIELD);
    }
    return report;
  }

  /** @returns undefined when the report is not one that this processor signed */
  verify(report: Buffer): Report | undefined {
    if (report.length !== SIZE) return undefined;
    const number = (index: number): Buffer => {
      const start = SIGNATURE + index * FIELD;
      return Buffer.from(report.subarray(start, start + NUMBER)).reverse();
    };
    const signature = Buffer.concat([number(0), number(1)]);
    const key = { key: createPublicKey(this.key), dsaEncoding: "ieee-p1363" as const };
    if (!verify("sha384", report.subarray(0, SIGNATURE), key, signature)) return undefined;
    return {
      hostData: report.toString("hex", HOST_DATA, HOST_DATA + 32),
      reportData: Buffer.from(report.subarray(REPORT_DATA, REPORT_DATA + 64)),
    };
  }
}
