// Keys and local roles of a Managed HSM.
import { randomUUID } from "node:crypto";
import type { Properties } from "../../helpers/provider-process";
import { releasePolicy } from "../../helpers/vault";
import { made, requires, type Operation, type Worker } from "./worker";

const newKey = (hsmUrl: string, keyName: string): Properties => ({
  hsmUrl,
  keyName,
  keySize: 2048,
  releasePolicy: releasePolicy("ab"),
});

export const hsmKeys: readonly Operation[] = (["create", "read"] as const).map((method) => ({
  name: `${method} a key of a Managed HSM`,
  sharesClient: true,
  prepare: async (worker, { hsm }) => {
    const keyName =
      method === "create"
        ? worker.fresh()
        : await worker.once("hsm key", async () => {
            const name = worker.fresh();
            await made(worker.truly("contosso", "HsmKey"), newKey(hsm.url, name));
            return name;
          });
    const { kid: known } = method === "create" ? { kid: undefined } : { kid: (await hsm.keys().getKey(keyName)).id };
    const inputs = newKey(worker.lane().urls.hsmUrl, keyName);
    const methods = worker.methods("contosso", "HsmKey");
    const id = `${String(inputs.hsmUrl)}keys/${keyName}`;
    return {
      names: keyName,
      run: () => (method === "create" ? methods.create(inputs) : methods.read(id, { ...inputs, kid: known })),
      holds: async (result) => {
        const answered = result as { id: string; outs?: Properties; props?: Properties };
        requires(answered.id === id, `'${id}' is gone`);
        const { id: kid } = await hsm.keys().getKey(keyName);
        requires((answered.outs ?? answered.props)?.kid === kid, `the key ${keyName}`);
      },
    };
  },
}));

export const hsmRoles: readonly Operation[] = [
  {
    name: "give a local role of a Managed HSM",
    sharesClient: true,
    prepare: (worker: Worker, { hsm }) => {
      const name: string = randomUUID();
      const given = {
        name,
        scope: `/keys/${worker.fresh()}`,
        role: "Managed HSM Crypto Service Release User",
        principalId: randomUUID(),
      };
      const inputs = { ...given, hsmUrl: worker.lane().urls.hsmUrl };
      return Promise.resolve({
        names: name,
        run: () => worker.methods("contosso", "HsmRoleAssignment").create(inputs),
        holds: async (result) => {
          const { id } = result as { id: string };
          const truth = { ...given, hsmUrl: hsm.url, assignee: given.principalId };
          const { props } = await worker.truly("contosso", "HsmRoleAssignment").read(id, truth);
          requires(props.assignee === given.principalId, `the role ${name}`);
        },
      });
    },
  },
];
