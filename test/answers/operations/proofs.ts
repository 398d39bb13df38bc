// Access keys that are proved before anything relies on them.
import { LISTING } from "../listing";
import { requires, type Operation } from "./worker";

export const proofs: readonly Operation[] = [
  {
    name: "prove an access key",
    prepare: (worker) => {
      const { bucketUrl: url } = worker.lane().urls;
      const { accessKeyId } = LISTING;
      const inputs = { ...LISTING, url, region: "us-east-1" };
      return Promise.resolve({
        names: accessKeyId,
        run: () => worker.methods("litware", "AccessKeyProof").create(inputs),
        holds: (made) => {
          requires((made as { id: string }).id === accessKeyId, "the proof of that key");
          return Promise.resolve();
        },
      });
    },
  },
];
