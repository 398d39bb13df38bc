// What every dataset is told, wherever it is.
import type * as pulumi from "@pulumi/pulumi";
import type { CleanRoomDetails } from "./collaboration";
import type { SchemaInput } from "./schema/dataset-schema";

export interface DatasetArgs {
  /** Namespace of the stack configuration of the collaboration. @default "cleanroom" */
  readonly collaboration?: string;
  /** Format and fields of the data, or `"inferred"`: read from `data`, as by `inferSchema`. Another one publishes a new document. */
  readonly schema: SchemaInput;
  /** Fields that queries may use; names of the schema, at least one. Another set publishes a new document. */
  readonly allowedFields: pulumi.Input<string[]>;
  /** Whether queries read it or write it. Another one publishes a new document. @default "read" */
  readonly accessMode?: "read" | "write";
  /** The clean room. @default getCleanRoomDetails() */
  readonly details?: pulumi.Input<CleanRoomDetails>;
  /** Begins the document's id. @default the resource's name */
  readonly datasetName?: string;
  /** The document's whole id; with it, other content is refused. @default made from name and content */
  readonly documentId?: pulumi.Input<string>;
  /** What deleting does; the document itself stays. @default "disableConsent" */
  readonly onDelete?: "disableConsent" | "leave";
  /** Takes over a published document that exists already, with the same content, and writes nothing to it. @default false */
  readonly adopt?: pulumi.Input<boolean>;
}
