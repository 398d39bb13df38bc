// Brings a file to a store, encrypted before it leaves where the owner encrypts; again only when file or key changed.
import { extname } from "node:path";
import * as command from "@pulumi/command/local";
import * as pulumi from "@pulumi/pulumi";
import type { EncryptionMode } from "../contract";
import type { DataFile } from "./files";
import { componentOptions } from "./options";
import { loadUpload } from "./provider";

export interface UploadArgs {
  /** Name of the blob or object; the same for every file of a dataset, so that a new one takes the old one's place. */
  readonly objectName: pulumi.Input<string>;
  /** What is brought up; again whenever its content changes. */
  readonly file: DataFile;
  /** Where to; another one brings it there, too. */
  readonly destination: BlobDestination | BucketDestination;
  /** CSE encrypts on the way, CPK hands the key to the store, SSE does neither. */
  readonly encryptionMode: EncryptionMode;
  /** A key in the owner's vault: the uploading process fetches it itself. @default none */
  readonly key?: {
    readonly vaultUrl: pulumi.Input<string>;
    readonly secretName: pulumi.Input<string>;
    readonly fingerprint: pulumi.Input<string>;
  };
  /** A key at hand: base64 of 32 bytes, handed to the process by its standard input. @default none */
  readonly keyMaterial?: pulumi.Input<string>;
}

export interface BlobDestination {
  /** Azure Blob storage. */
  readonly kind: "blob";
  /** `https://<account>.blob.core.windows.net/` */
  readonly url: pulumi.Input<string>;
  /** Name of the container. */
  readonly container: pulumi.Input<string>;
  /** Folder in the container. @default its root */
  readonly subdirectory?: pulumi.Input<string>;
}

export interface BucketDestination {
  /** AWS S3. */
  readonly kind: "s3";
  /** The endpoint: `https://s3.<region>.amazonaws.com`. */
  readonly url: pulumi.Input<string>;
  /** Name of the bucket. */
  readonly bucket: pulumi.Input<string>;
  /** AWS region of the bucket. */
  readonly region: pulumi.Input<string>;
  /** Folder in the bucket, without '/' at its ends. @default its root */
  readonly prefix?: pulumi.Input<string>;
}

/** Run from anywhere below the project: the package finds itself by its name. */
const PROGRAM = `node -e "require('pulumi-cleanroom/upload').main()"`;

const UNPROTECTED = {
  protect: "A protected upload could bring up no other file, and its deletion deletes none: protect the store instead.",
};

/**
 * One file in a store, as the clean room will read it: all of it, or as it was before. What breaks off (Ctrl-C, a killed
 * process, the network) goes on in the next run with the parts that are there; what the store has already is not sent
 * again. The object's metadata says which file it is, how it was encrypted and with which key's fingerprint. Files of any
 * size take the same memory. A preview looks whether it is there still, and says where it is lost or another. Delete leaves
 * it: it goes with its container or bucket.
 *
 * A program of ours does it, and never azcopy or the AWS CLI: they take a customer's key from the environment, can't encrypt
 * client side, and go on with an interrupted upload only on the machine that began it, or not at all.
 */
export class Upload extends pulumi.ComponentResource {
  /** What the uploading process reported: name, bytes, key. */
  readonly report: pulumi.Output<string>;

  constructor(name: string, args: UploadArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cleanroom:index:Upload", name, {}, componentOptions("Upload", name, opts, UNPROTECTED));
    const { objectName, file, destination, encryptionMode, key, keyMaterial } = args;
    const job = { objectName, file: file.path, sha256: file.sha256, destination, encryptionMode, key };
    const run = new command.Command(
      `${name}-upload`,
      {
        create: PROGRAM,
        environment: { CLEANROOM_UPLOAD: pulumi.jsonStringify(job) },
        stdin: keyMaterial === undefined ? undefined : pulumi.secret(keyMaterial),
        triggers: [
          objectName,
          file.sha256,
          pulumi.jsonStringify(destination),
          encryptionMode,
          ...(key ? [key.fingerprint] : []),
        ],
      },
      // What it brought up stays when it is deleted; protected, it could bring up nothing new.
      { parent: this, protect: false },
    );
    this.report = pulumi.runtime.isDryRun() ? this.#looked(name, run, job) : run.stdout;
    this.registerOutputs({ report: this.report });
  }

  /** In preview: what was brought up by an earlier run is looked for, and said where it is lost or another. */
  #looked(name: string, run: command.Command, job: pulumi.Input<unknown>): pulumi.Output<string> {
    return pulumi.all([run.stdout, run.urn, pulumi.jsonStringify(job)]).apply(async ([stdout, urn, text]) => {
      try {
        const found = await loadUpload().look(JSON.parse(text) as Parameters<Look>[0], parsed(stdout));
        if (found?.drift !== undefined) {
          await pulumi.log.warn(
            `${name}: ${WORDS[found.drift]} (${found.place}). To bring the file up again: pulumi up --replace '${urn}'`,
            this,
          );
        }
      } catch (error) {
        // Who may preview need not be who may look into the store.
        await pulumi.log.debug(`${name}: its file could not be looked for: ${String(error)}`, this);
      }
      return stdout;
    });
  }
}

type Look = ReturnType<typeof loadUpload>["look"];

const WORDS = {
  gone: "the file that was brought up is not in its store any more",
  other: "what is in the store is not the file that was brought up",
};

function parsed(report: string | undefined): Parameters<Look>[1] {
  try {
    return JSON.parse(report ?? "") as Parameters<Look>[1];
  } catch {
    return {};
  }
}

/** A dataset's one object: its name, with the file's ending, by which a reader knows a compressed one. */
export function objectName(dataset: string, file: DataFile): string {
  return `${dataset}${extname(file.path)}`;
}
