// Who and where the AWS provider is.
import { type CloudFunction, typed } from "../protocol";
import { administratorOf } from "./administrator";
import { regionOf } from "./common";

const file = "sandbox/clouds/aws/functions.ts";

export const getCallerIdentity: CloudFunction = {
  token: "aws:index/getCallerIdentity:getCallerIdentity",
  file,
  inputs: { id: typed },
  call: ({ collaborator }) => {
    const { arn, userId } = administratorOf(collaborator);
    const accountId = collaborator.awsAccountId;
    return { accountId, arn, id: accountId, userId };
  },
};

export const getRegion: CloudFunction = {
  token: "aws:index/getRegion:getRegion",
  file,
  inputs: { id: typed, region: typed },
  call: (cloud, { region: given }) => {
    const region = typeof given === "string" ? given : regionOf(cloud);
    return { description: region, endpoint: `ec2.${region}.amazonaws.com`, id: region, name: region, region };
  },
};

export const getPartition: CloudFunction = {
  token: "aws:index/getPartition:getPartition",
  file,
  inputs: { id: typed },
  call: () => ({ dnsSuffix: "amazonaws.com", id: "aws", partition: "aws", reverseDnsPrefix: "com.amazonaws" }),
};
