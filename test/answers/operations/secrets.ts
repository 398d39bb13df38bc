// Governance secrets.
import type { Properties } from "../../helpers/provider-process";
import { made, requires, type Operation } from "./worker";

export const secrets: readonly Operation[] = (["create", "update", "read", "delete"] as const).map((method) => ({
  name: `${method} a secret`,
  looksOnce: method === "read" || method === "delete",
  prepare: async (worker, ledger) => {
    const { id, state, inputs } = await worker.once("secret", () =>
      made(worker.truly("litware", "ContractSecret"), { name: worker.fresh(), value: "a-secret-of-somebody" }),
    );
    const news = {
      ...inputs,
      name: method === "create" ? worker.fresh() : inputs.name,
      value: `a-secret-${worker.fresh()}`,
    };
    const methods = worker.methods("litware", "ContractSecret");
    return {
      names: news.name as string,
      run: () =>
        ({
          create: () => methods.create(news),
          update: () => methods.update(id, state, news),
          read: () => methods.read(id, state),
          delete: () => methods.delete(id, state),
        })[method](),
      holds: async (result) => {
        if (method === "create" || method === "update") {
          const { secretId } = (result as { outs: Properties }).outs;
          requires(ledger.secret(String(secretId)) === news.value, `the value of ${String(secretId)}`);
        }
        if (method === "delete") requires(ledger.secret(id) !== news.value, `the value of ${id} is overwritten`);
        await Promise.resolve();
      },
    };
  },
}));
