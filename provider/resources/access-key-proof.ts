// The proof that a new access key works where it has to: a real listing of bucket and prefix, repeated until AWS knows the
// key everywhere. Nothing is written, and nothing is given up before it.
import { setTimeout as sleep } from "node:timers/promises";
import { CleanRoomError } from "../errors";
import type { Handler } from "../handler";
import { say } from "../log";
import { isKnown } from "../model/unknown";
import { shown } from "../model/validate";
import { currentOperation } from "../operation";
import { listingRefusal, type BucketPlace } from "../services/s3";

export interface AccessKeyProofInputs extends BucketPlace {
  readonly collaboration?: string;
  /** `AKIA…` */
  readonly accessKeyId: string;
  /** The engine keeps it as ciphertext. */
  readonly secretAccessKey: string;
}

interface Observed {
  /** The key that has been seen working. */
  readonly provenKeyId: string;
}

/** IAM is eventually consistent: a new key is usually known within seconds (IAM user guide, troubleshooting). */
const PROGRESS = 5_000;
/** Time for one more answer: what is said in the end is what S3 said. */
const ANSWER = 2_000;

export const accessKeyProof: Handler<AccessKeyProofInputs, Observed> = {
  inputs: ["collaboration", "accessKeyId", "secretAccessKey", "url", "bucket", "prefix", "region"],
  replaceOn: ["collaboration", "accessKeyId"],
  elsewhere: true,

  idOf: (_room, { accessKeyId }) => Promise.resolve(accessKeyId),

  check({ url, accessKeyId }) {
    const problems: string[] = [];
    if (isKnown(url) && !(URL.canParse(url) && /^https?:$/.test(new URL(url).protocol))) {
      problems.push(`url is '${shown(url)}': give S3's endpoint, such as https://s3.eu-west-1.amazonaws.com.`);
    }
    if (isKnown(accessKeyId) && accessKeyId === "") {
      problems.push("accessKeyId is empty: give the id of the access key that is to be proved.");
    }
    return problems;
  },

  isPending: () => Promise.resolve(false),

  create: async (_room, news) => ({ id: news.accessKeyId, state: await prove(news) }),

  update: (_room, _id, _state, news) => prove(news),

  // What is proved stays proved: whether the key is still there is for the resource that made it to say.
  read: (_room, id, { provenKeyId = id }) => Promise.resolve({ provenKeyId }),

  delete: () => Promise.resolve(),
};

async function prove(news: AccessKeyProofInputs): Promise<Observed> {
  const { accessKeyId, secretAccessKey, ...place } = news;
  const what = `Access key '${accessKeyId}' on bucket '${place.bucket}' of ${place.url}`;
  const { end = Date.now(), words } = currentOperation() ?? {};
  const start = Date.now();
  for (let told = start; ;) {
    const refusal = await listingRefusal(place, { accessKeyId, secretAccessKey });
    if (refusal === undefined) {
      return { provenKeyId: accessKeyId };
    }
    const waited = Math.round((Date.now() - start) / 1_000);
    const pause = Math.min(5_000, 500 + (Date.now() - start) / 4);
    if (!refusal.mayPass || Date.now() + pause + ANSWER > end) {
      const until = refusal.mayPass && words !== undefined ? `, ${waited} s long, until ${words}` : "";
      throw new CleanRoomError(
        `${what}: listing answered ${refusal.said}${until}. The earlier key, if there is one, is untouched and still in use. ` +
          "Check the bucket, its region, and the rights of the key's user; then run `pulumi up` again: it goes on with this key.",
      );
    }
    if (Date.now() - told >= PROGRESS) {
      told = Date.now();
      say(`${what}: not known everywhere yet, ${waited} s so far (${refusal.said})`);
    }
    await sleep(pause);
  }
}
