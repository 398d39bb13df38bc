// The policy pack: every rule, mandatory unless the stack's policy configuration says otherwise.
import { PolicyPack } from "@pulumi/policy";
import { rules } from "./rules";

new PolicyPack("cleanroom", { enforcementLevel: "mandatory", policies: [...rules] });
