// Every component and every resource of ours once, each with the options that VARIANT names.
import { join } from "node:path";
import * as resources from "@pulumi/azure-native/resources";
import * as pulumi from "@pulumi/pulumi";
import {
  AzureDataset,
  ContractSecret,
  dataFile,
  DocumentConsent,
  Query,
  QueryAmendment,
  QueryApproval,
  S3Dataset,
} from "../../../components";

class Wrapper extends pulumi.ComponentResource {
  constructor() {
    super("test:index:Wrapper", "wrapper");
    this.registerOutputs();
  }
}

type Variant = "protected" | "retained" | "renamed" | "moved";

const variant = process.env.VARIANT as Variant;
const wrapper = variant === "moved" ? new Wrapper() : undefined;

/** A transform that leaves everything as it is, and tells the test what it was shown. */
const show: pulumi.ResourceTransform = ({ type, name }) => {
  console.log(`shown: ${type} ${name}`);
  return undefined;
};

/** Sets an option of one child, as docs/resources.md shows it. */
const ignoringTags: pulumi.ResourceTransform = ({ type, props, opts }) =>
  type === "azure-native:storage:StorageAccount"
    ? { props, opts: pulumi.mergeOptions(opts, { ignoreChanges: ["tags"] }) }
    : undefined;

/** Options that a component and a resource understand alike. */
function options(name: string): pulumi.ComponentResourceOptions {
  switch (variant) {
    case "renamed":
      return { aliases: [{ name }] };
    case "moved":
      return {
        parent: wrapper,
        aliases: [{ parent: pulumi.rootStackResource }],
        transforms: [show],
      };
    case "protected":
      return { protect: true };
    case "retained":
      return { retainOnDelete: true, transforms: [ignoringTags] };
  }
}

/** Names that no cloud would take as they are: a child's is made from them, and does not begin with them. */
const called = (name: string): string => (variant === "renamed" ? `${name}_2` : name);
const own = (name: string): [string, pulumi.ComponentResourceOptions] => [called(name), options(name)];

// Deleted, it would take with it what is in it.
const group = new resources.ResourceGroup("options", {}, { retainOnDelete: variant === "retained" });
const schema = {
  format: "csv" as const,
  fields: [
    { fieldName: "region", fieldType: "string" as const },
    { fieldName: "amount", fieldType: "number" as const },
  ],
};
const common = { schema, allowedFields: ["region", "amount"], data: dataFile(join(__dirname, "data.csv")) };

const [salesName, salesOptions] = own("Azure.Sales");
const open = { resourceGroupName: group.name, openToEveryNetwork: true, deletable: true };
const sales = new AzureDataset(salesName, { ...common, ...open }, salesOptions);
const [membersName, membersOptions] = own("S3.Members");
const encryptionKey = pulumi.secret(Buffer.alloc(32, 7).toString("base64"));
const members = new S3Dataset(
  membersName,
  { ...common, region: "eu-west-1", encryptionKey, deletable: true },
  membersOptions,
);

const [queryName, queryOptions] = own("query");
const content = {
  segments: [{ sequence: 1, sql: "SELECT region FROM sales" }],
  inputs: [{ documentId: sales.documentId, view: "sales" }],
  output: { documentId: members.documentId, view: "results" },
};
new Query(queryName, { ...content, documentId: "query" }, queryOptions);

const later = { documentId: "later" };
const [secretName, secretOptions] = own("secret");
new ContractSecret(secretName, { name: "secret", value: pulumi.secret("canary-value") }, secretOptions);
const [consentName, consentOptions] = own("consent");
new DocumentConsent(consentName, { documentId: sales.documentId, consent: "enabled" }, consentOptions);
const [amendmentName, amendmentOptions] = own("amendment");
new QueryAmendment(amendmentName, { ...later, segments: content.segments }, amendmentOptions);
const [approvalName, approvalOptions] = own("approval");
new QueryApproval(
  approvalName,
  { ...later, decision: variant === "protected" ? "accept" : "reject" },
  { ...approvalOptions, ignoreChanges: ["decision"], additionalSecretOutputs: ["reason"] },
);

export const dataset = sales.documentId;
