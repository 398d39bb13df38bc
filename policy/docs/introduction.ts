// The part of docs/policies.md that is written by hand.

export const INTRODUCTION = `<!-- Made by \`npm run docs:policies\` from the rules' own metadata: change it there. -->

# What may never be deployed

A policy pack for everything that a collaborator brings to a clean room. It judges every preview and every \`up\`, of this
package's components and of any other program that uses azure-native, azuread, aws or command resources.

\`\`\`console
$ pulumi preview --policy-pack policy
$ pulumi preview --policy-pack policy --policy-pack-config strict.json
\`\`\`

A violation blocks, names the resource, and says what to do. Nothing passes unseen:

- **What is not known in a preview** is not passed. The run says at its end which rules cannot be judged before \`up\`, of which
  values; \`up\` judges them.
- **A rule that fails** blocks, and names itself and the resource.
- **Configuration that is not in order** blocks, before anything is made.

## Presets

| preset    | what it does                                             |
| --------- | -------------------------------------------------------- |
| \`observe\` | says what it finds, and blocks nothing                   |
| \`default\` | blocks, with the usual settings                          |
| \`strict\`  | blocks, with the settings in the column of the same name |

The pack's configuration (\`--policy-pack-config FILE\`) and the stack's may each name one; the stricter of the two counts.

## Configuration

The pack's, a file that all of an organisation's stacks share. Levels are \`mandatory\`, \`advisory\`, \`disabled\` and, of rules
that can correct resources, \`remediate\`; \`all\` sets those of every rule.

\`\`\`json
{
  "pack-configuration": { "preset": "strict" },
  "location-allowed": { "locations": ["westeurope", "northeurope", "eu-west-1"] },
  "required-tags": { "enforcementLevel": "remediate", "tags": { "managed-by": "pulumi" } },
  "key-size": "advisory"
}
\`\`\`

The stack's, where the pack's says nothing. It sets no levels: what a stack may not keep to, it excepts by name.

\`\`\`yaml
config:
  cleanroom-policy:preset: strict
  cleanroom-policy:settings:
    no-personal-fields:
      reasons:
        litware-members.email: hashed with a salt that neither side keeps
  cleanroom-policy:exceptions:
    - rule: network-default-deny
      resource: contossosales
      reason: reached over the partner's VPN until its addresses are fixed
      expires: "2027-01-31"
\`\`\`

## Exceptions

One rule, one resource (its name or URN), a reason, and the last day it counts. Every run lists those in force; what they
except is shown as advice, and blocks nothing. After the last day the rule blocks again and says that the exception has
expired. A malformed exception, one for a rule that there is not, or one for too long blocks the run; one that excepts nothing is
named, to be removed.`;
