// What the emulator has in its index, read without a request: blobs, their blocks, and what stands below a prefix.

/** The emulator's own model of a blob, as far as it is needed here. */
export interface BlobModel {
  readonly name: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly properties: {
    readonly contentLength?: number;
    readonly contentType?: string;
    readonly etag: string;
    readonly lastModified: Date;
    readonly creationTime?: Date;
  };
  readonly isCommitted: boolean;
  readonly committedBlocksInOrder?: readonly Block[];
}

export interface Block {
  /** Base64. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
}

interface Context {
  readonly contextId: string;
  readonly startTime: Date;
}

export interface Index {
  getBlob(context: undefined, account: string, container: string, blob: string): Promise<BlobModel | undefined>;
  getBlockList(
    context: Context,
    account: string,
    container: string,
    blob: string,
    snapshot: "",
    isCommitted: boolean,
  ): Promise<{ readonly uncommittedBlocks: readonly Block[] }>;
  listBlobs(
    context: Context,
    account: string,
    container: string,
    delimiter: undefined,
    blob: undefined,
    prefix: string,
    limit: number,
    marker: string,
  ): Promise<readonly [readonly BlobModel[], readonly unknown[], string]>;
}

const context = (): Context => ({ contextId: "sandbox", startTime: new Date() });
const PAGE = 5000;

/** Azure's mark of a directory: an empty blob with this among its metadata. */
export const FOLDER = "hdi_isfolder";

export class Stored {
  constructor(private readonly index: Index) {}

  async find(account: string, container: string, blob: string): Promise<BlobModel | undefined> {
    const found = await this.index.getBlob(undefined, account, container, blob);
    return found?.isCommitted ? found : undefined;
  }

  /** Blocks that no list has taken up yet. */
  async uncommitted(account: string, container: string, blob: string): Promise<readonly Block[]> {
    return (await this.index.getBlockList(context(), account, container, blob, "", false)).uncommittedBlocks;
  }

  /** All below `prefix`, in the order of their names. */
  async below(account: string, container: string, prefix: string): Promise<readonly BlobModel[]> {
    const all: BlobModel[] = [];
    let marker = "";
    do {
      const [page, , next] = await this.index.listBlobs(
        context(),
        account,
        container,
        undefined,
        undefined,
        prefix,
        PAGE,
        marker,
      );
      all.push(...page);
      marker = next;
    } while (marker !== "");
    return all;
  }
}

export const isFolder = ({ metadata }: BlobModel): boolean =>
  Object.entries(metadata ?? {}).some(([key, value]) => key.toLowerCase() === FOLDER && value === "true");
