// Fabrikam, an analyst without data of its own: asks how much each loyalty tier buys in each region.
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { getDataset, Query, sqlFile } from "../../../../../components";

const config = new pulumi.Config();
const sql = (name: string): string => sqlFile(join(__dirname, name));

const sales = getDataset({ name: "contosso-sales" });
const members = getDataset({ name: "litware-members" });
const results = getDataset({ name: "litware-results" });

const query = new Query("fabrikam-query", {
  documentId: config.get("query"),
  segments: [
    { sequence: 1, sql: sql("purchases.sql"), preConditions: { sales: 1000 } },
    // A proposal for Litware's part, which Litware amends.
    { sequence: 2, sql: sql("tiers.sql"), preConditions: { members: 100 } },
    { sequence: 3, sql: sql("revenue.sql"), postFilters: { customers: 25 } },
  ],
  inputs: [
    { documentId: sales.documentId, view: "sales" },
    { documentId: members.documentId, view: "members" },
  ],
  output: { documentId: results.documentId, view: "results" },
  // The digest of the draft that we and Litware have agreed on.
  propose: config.get("propose"),
});

export const draftDigest = query.digest;
export const amendedByOthers = query.amendedByOthers;
export const state = query.state;
export const approvers = query.approvers;
export const waitingFor = query.waitingFor;

const later = new Query("later-query", {
  segments: [{ sequence: 1, sql: "SELECT region FROM sales" }],
  inputs: [{ documentId: sales.documentId, view: "sales" }],
  output: { documentId: results.documentId, view: "results" },
  propose: config.get("later"),
});
export const laterDigest = later.digest;
