// Refuses the value "bad", and tells what the pack knows of the stack that it judges.
import { PolicyPack } from "@pulumi/policy";
import * as pulumi from "@pulumi/pulumi";

const told = (): string =>
  `pack of ${pulumi.getProject()}/${pulumi.getStack()}, value ${new pulumi.Config("host-trial").require("value")}`;

new PolicyPack("host-policy", {
  policies: [
    {
      name: "no-bad-value",
      description: "The value is not bad.",
      enforcementLevel: "mandatory",
      validateResource: (args, report) => {
        if (args.props.value === "bad") {
          report(told());
        }
      },
    },
  ],
});
