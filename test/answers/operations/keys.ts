// Data encryption keys in the owner's vault.
import type { Properties } from "../../helpers/provider-process";
import { releasePolicy } from "../../helpers/vault";
import { made, requires, type Operation } from "./worker";

export const keys: readonly Operation[] = (["create", "update", "read"] as const).map((method) => ({
  name: `${method} a data encryption key`,
  sharesClient: true,
  prepare: async (worker, ledger) => {
    const keyName = await worker.once("key", async () => {
      const name = worker.fresh();
      await ledger.vault.makeKey(name);
      return name;
    });
    const dek = method === "create" ? worker.fresh() : await worker.once("dek", () => Promise.resolve(worker.fresh()));
    const inputsAt = (vaultUrl: string): Properties => ({
      vaultUrl,
      keyName,
      releasePolicy: releasePolicy("ab"),
      secretName: dek,
      wrappedSecretName: `wrapped-${dek}`,
    });
    const inputs = inputsAt(worker.lane().urls.vaultUrl);
    const { id, state } =
      method === "create"
        ? { id: "", state: {} }
        : await worker.once("data key", () => made(worker.truly("contosso", "DataKey"), inputsAt(ledger.vault.url)));
    const methods = worker.methods("contosso", "DataKey");
    return {
      names: dek,
      run: () =>
        ({
          create: () => methods.create(inputs),
          update: () => methods.update(id, { ...state, ...inputs }, inputs),
          read: () => methods.read(id, { ...state, ...inputs }),
        })[method](),
      holds: async (result) => {
        if (method === "read") {
          requires((result as { id: string }).id === id, `'${id}' is gone`);
          return;
        }
        const { fingerprint } = (result as { outs: Properties }).outs;
        const { value = "", properties } = await ledger.vault.secrets.getSecret(dek);
        const wrapped = await ledger.vault.secrets.getSecret(`wrapped-${dek}`);
        requires(
          Buffer.from(value, "base64").length === 32 && properties.tags?.dek === fingerprint,
          `the key in ${dek}`,
        );
        requires(wrapped.properties.tags?.dek === fingerprint, `the wrapped key of ${dek}`);
      },
    };
  },
}));
