// Azure Blob storage, as a target of uploads. A block's id is made of what is in it, so the uncommitted blocks that a try
// has left say themselves which parts they are; Azure keeps them for a week.
import { createHash } from "node:crypto";
import type { BlobServiceClient, BlockBlobClient, CpkInfo } from "@azure/storage-blob";
import type { BlobDestination } from "./job";
import type { Marks } from "./marks";
import type { Part } from "./parts";
import { type Patience, refusalOf } from "./patience";
import { HIDDEN, type Stored, type Target } from "./target";

/** Of a block blob (Azure's scalability targets). */
const MOST_BLOCKS = 50_000;
/** As long as the ids of Azure's own clients: all blocks of a blob, those that others left, too, must have the same length. */
const ID_LENGTH = 48;
const CONTENT = 32;

export class BlobTarget implements Target {
  readonly mostParts = MOST_BLOCKS;
  readonly place: string;
  readonly #blob: BlockBlobClient;
  readonly #customerProvidedKey: CpkInfo | undefined;
  readonly #ids: string[] = [];
  #there: ReadonlySet<string> = new Set();
  /** Whether the blob that is there is encrypted with another customer's key than ours, or with none where we have one. */
  #isOfAnotherKey = false;

  private constructor(
    service: BlobServiceClient,
    { container, subdirectory }: BlobDestination,
    name: string,
    private readonly patience: Patience,
    customerKey: Buffer | undefined,
  ) {
    const path = subdirectory === undefined || subdirectory === "" ? name : `${subdirectory}/${name}`;
    this.#blob = service.getContainerClient(container).getBlockBlobClient(path);
    this.place = `${service.url.replace(/\/+$/, "")}/${container}/${path}`;
    this.#customerProvidedKey = customerKey && {
      encryptionKey: customerKey.toString("base64"),
      encryptionKeySha256: createHash("sha256").update(customerKey).digest("base64"),
      encryptionAlgorithm: "AES256",
    };
  }

  /** @param customerKey 32 bytes with which the store is to encrypt (CPK) */
  static async open(
    destination: BlobDestination,
    name: string,
    patience: Patience,
    customerKey: Buffer | undefined,
  ): Promise<BlobTarget> {
    const [{ DefaultAzureCredential }, { BlobServiceClient: Service }] = await Promise.all([
      import("@azure/identity"),
      import("@azure/storage-blob"),
    ]);
    // Requests are repeated here, where it is known what for.
    const service = new Service(destination.url, new DefaultAzureCredential(), { retryOptions: { maxTries: 1 } });
    return new BlobTarget(service, destination, name, patience, customerKey);
  }

  async find(): Promise<Stored | undefined> {
    return this.patience.run(`look at ${this.place}`, async (abortSignal) => {
      try {
        // Without the key: another one is no reason not to be told.
        const { contentLength = 0, metadata = {} } = await this.#blob.getProperties({ abortSignal });
        this.#isOfAnotherKey = this.#customerProvidedKey !== undefined;
        return { bytes: contentLength, metadata };
      } catch (error) {
        const { status, code } = refusalOf(error);
        if (status === 404 && code !== "ContainerNotFound") return undefined;
        if (status === 409) return this.#findWithKey(abortSignal);
        throw error;
      }
    });
  }

  putWhole({ body }: Part, marks: Marks): Promise<void> {
    const { place } = this;
    return this.patience.run(`put ${place}`, async (abortSignal) => {
      const customerProvidedKey = this.#customerProvidedKey;
      await this.#blob.upload(body, body.length, { metadata: { ...marks }, customerProvidedKey, abortSignal });
    });
  }

  async begin(): Promise<void> {
    const blocks = await this.patience.run(`list the blocks of ${this.place}`, async (abortSignal) => {
      try {
        return (await this.#blob.getBlockList("uncommitted", { abortSignal })).uncommittedBlocks ?? [];
      } catch (error) {
        if (refusalOf(error).status === 404) return [];
        throw error;
      }
    });
    if (this.#isOfAnotherKey || !blocks.every(({ name }) => this.#isOurs(name))) {
      await this.#makeRoom();
    } else {
      this.#there = new Set(blocks.map(({ name, size }) => `${name} ${size}`));
    }
  }

  has(part: Part): boolean {
    const id = this.#id(part);
    this.#ids[part.number - 1] = id;
    return this.#there.has(`${id} ${part.body.length}`);
  }

  put(part: Part): Promise<void> {
    const id = this.#id(part);
    return this.patience.run(`put part ${part.number} of ${this.place}`, async (abortSignal) => {
      const customerProvidedKey = this.#customerProvidedKey;
      await this.#blob.stageBlock(id, part.body, part.body.length, { customerProvidedKey, abortSignal });
    });
  }

  commit(count: number, marks: Marks): Promise<void> {
    return this.patience.run(`commit ${this.place}`, async (abortSignal) => {
      const customerProvidedKey = this.#customerProvidedKey;
      const options = { metadata: { ...marks }, customerProvidedKey, abortSignal };
      await this.#blob.commitBlockList(this.#ids.slice(0, count), options);
    });
  }

  close(): void {
    // Its connections end with the process.
  }

  /** Azure takes no block under another key than that of the blob and of the blocks that wait: an empty blob ends both. */
  #makeRoom(): Promise<void> {
    return this.patience.run(`make room for ${this.place}`, async (abortSignal) => {
      const customerProvidedKey = this.#customerProvidedKey;
      await this.#blob.upload(Buffer.alloc(0), 0, { customerProvidedKey, abortSignal });
    });
  }

  async #findWithKey(abortSignal: AbortSignal): Promise<Stored | undefined> {
    try {
      const customerProvidedKey = this.#customerProvidedKey;
      const { contentLength = 0, metadata = {} } = await this.#blob.getProperties({ customerProvidedKey, abortSignal });
      return { bytes: contentLength, metadata };
    } catch (error) {
      if (refusalOf(error).status === 409) {
        this.#isOfAnotherKey = true;
        return HIDDEN;
      }
      throw error;
    }
  }

  /** Number, content, and with which key the store keeps it: what was kept with another can't be committed with ours. */
  #id({ number, sha256 }: Part): string {
    const id = Buffer.alloc(ID_LENGTH);
    id.writeUInt32BE(number, 0);
    sha256.copy(id, 4);
    this.#keyMark.copy(id, 4 + CONTENT);
    return id.toString("base64");
  }

  #isOurs(id: string): boolean {
    const bytes = Buffer.from(id, "base64");
    return bytes.length === ID_LENGTH && bytes.subarray(4 + CONTENT).equals(this.#keyMark);
  }

  get #keyMark(): Buffer {
    const key = this.#customerProvidedKey?.encryptionKeySha256 ?? "";
    return createHash("sha256")
      .update(`key ${key}`)
      .digest()
      .subarray(0, ID_LENGTH - CONTENT - 4);
  }
}
