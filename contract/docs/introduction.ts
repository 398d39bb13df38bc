// The parts of docs/stores.md that are written by hand.

export const INTRODUCTION = `<!-- Made by \`npm run docs:stores\` from contract/combinations.ts: change it there. -->

# Stores and encryption

Where a dataset may be, how it may be encrypted, and where its key may be. What can't be read is refused in preview, with the
reason. The sources are those of Azure/azure-cleanroom, release 8.0.0, and the stores' own documentation.

- **CSE**: encrypted before it leaves, in blocks of 16 MiB (AES-256-GCM); the store never sees a key.
- **CPK**: each request brings the key, with which the store encrypts; it keeps only the key's digest.
- **SSE**: the store encrypts with a key of its own.`;

export const STORE_NOTES = `## What is peculiar to a store

- **ADLS Gen2** (\`hierarchicalNamespace: true\` of \`BlobStore\` and \`AzureDataset\`): the dataset names the account's \`dfs\`
  address. The clean room mounts it with \`--use-adls\`, and would turn a \`blob\` address into that one. Azure keeps no earlier
  versions in such an account (deleted blobs can be had back there as well). Uploads go to its \`blob\` address, which serves the same data.
- **OneLake** (\`OneLakeDataset\`): workspace, item and path stand in the address,
  \`https://onelake.dfs.fabric.microsoft.com/<workspace>/<item>/Files/<path>\`, and \`subdirectory\` is left out: the clean room
  would take it for the whole path below the workspace. Workspace and item are both names (the item with its type: \`sales.Lakehouse\`) or both ids. By hand, in Fabric:
  the tenant settings "Service principals can use Fabric APIs" and "Users can access data stored in OneLake with apps external
  to Fabric"; the identity's Read and ReadAll on the item, or Contributor of the workspace to write (and of whoever uploads).
- **S3** (\`S3Dataset\`): the clean room has no identity in AWS; it gets an access key as a governance secret, which only the
  accepted policy opens. The analytics workload of release 8.0.0 mounts the whole bucket, whatever \`subdirectory\` says: give
  a dataset a bucket of its own.

## What the clean room does with files

- It takes only files that end in \`.csv\`, \`.json\` or \`.parquet\`, as the schema's format says, in the subdirectory and all
  folders below it. Others are passed over without a word: a data file with another ending is refused in preview.
- It reads CSV **by position and without a header**: the schema's fields are the columns, in the file's order, and a first
  line with names would become a row. \`inferSchema\` and the sandbox's reader know such a line where it names exactly the
  schema's fields, in their order, and say so; a preview warns of it.
- It reads JSON as one object a line, and Parquet by the columns' names and types.
- It mounts a dataset under its document's id, in lower case and with '-' for '_', in a container that is named after it, and looks
  for it under the id as it is. An id of lower-case letters, digits and '-', of at most 44 characters (48 in S3), is read;
  of any other a preview says why no query could read it.
- Names in \`allowedFields\` that the schema lacks are dropped without a word, and an empty list ends the run: both are refused
  in preview.`;
