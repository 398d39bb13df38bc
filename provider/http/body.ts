// Reads an answer's body whole or not at all: decompressed, and never larger than any answer is.
import { pipeline, type Readable } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";

/** An answer that this program does not take: larger than any answer is, or in a coding that was not asked for. */
export class UnusableAnswerError extends Error {}

/** Largest answer, in bytes, after decompression: a document has at most 1 MiB, a list of all of them a few. */
const LARGEST = 32 * 1024 * 1024;
/** An error is quoted, and nobody reads more of it. */
const LARGEST_ERROR = 256 * 1024;

/** What is asked for. Others are understood, too: a proxy may compress unasked. */
export const ACCEPTED_CODINGS = "gzip, identity";

const DECODERS: Readonly<Record<string, () => NodeJS.ReadWriteStream & Readable>> = {
  gzip: createGunzip,
  "x-gzip": createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** Reads a body to its end. What is too large fails with an UnusableAnswerError; of an error answer its beginning is read. */
export async function readBody(body: Readable, coding: string, isError: boolean): Promise<string> {
  const largest = isError ? LARGEST_ERROR : LARGEST;
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of decoded(body, coding.trim().toLowerCase())) {
      chunks.push(chunk as Buffer);
      size += (chunk as Buffer).length;
      if (size > largest) {
        throw new UnusableAnswerError(`the answer is larger than ${largest} bytes`);
      }
    }
  } catch (error) {
    // The rest is never read, so the connection ends with it: nobody wants to hear of that.
    body.on("error", () => undefined).destroy();
    if (!isError || !(error instanceof UnusableAnswerError)) {
      throw error;
    }
  }
  return Buffer.concat(chunks).subarray(0, largest).toString("utf8");
}

function decoded(body: Readable, coding: string): Readable {
  if (coding === "" || coding === "identity") {
    return body;
  }
  const decoder = DECODERS[coding];
  if (decoder === undefined) {
    throw new UnusableAnswerError(`the answer is coded as '${coding.slice(0, 40)}', which was not asked for`);
  }
  // An error of either end reaches whoever reads.
  return pipeline(body, decoder(), () => undefined);
}
