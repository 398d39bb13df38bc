// How a file is cut into parts: each whole blocks, so that a part depends on nothing but its own bytes of the file.
import { InvalidInputError } from "../errors";
import { BLOCK_SIZE, OVERHEAD, TRAILER } from "./seal";

export interface Layout {
  /** Bytes of the file. */
  readonly size: number;
  readonly blockSize: number;
  readonly sealed: boolean;
  readonly blocksPerPart: number;
  /** At least one: an empty file, too, is brought up. */
  readonly parts: number;
  /** Bytes of what is brought up. */
  readonly bytes: number;
  /** Bytes of the largest part. */
  readonly partBytes: number;
}

/** So much memory a part may take; it is held a few times over. */
const LARGEST_PART = 512 * 1024 * 1024;

/** @param mostParts of an object of that store */
export function layoutOf(size: number, sealed: boolean, mostParts: number, blockSize = BLOCK_SIZE): Layout {
  const blocks = Math.ceil(size / blockSize);
  const blocksPerPart = Math.max(1, Math.ceil(blocks / mostParts));
  if (blocksPerPart * blockSize > LARGEST_PART) {
    throw new InvalidInputError(
      `The file has ${size} bytes, more than ${mostParts} parts of ${LARGEST_PART} bytes: cut it into several files.`,
    );
  }
  const parts = Math.max(1, Math.ceil(blocks / blocksPerPart));
  const bytes = sealed ? blocks * (blockSize + OVERHEAD) + TRAILER : size;
  const most = Math.min(blocks, blocksPerPart);
  const partBytes = sealed ? most * (blockSize + OVERHEAD) + TRAILER : Math.min(size, most * blockSize);
  return { size, blockSize, sealed, blocksPerPart, parts, bytes, partBytes };
}
