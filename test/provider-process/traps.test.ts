// Traps of the engine and of its dynamic provider, each as it was seen when run, and what guards us from it. Those about
// unconfirmed creations are in unconfirmed.test.ts, those that need an engine in options.test.ts and flows.test.ts.
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { shim } from "../../components/governance/shim";
import { KINDS } from "../../provider";
import type { Handler } from "../../provider/handler";
import { signingKeysOf } from "../../provider/model/issuer";
import { UnconfirmedError } from "../../provider/errors";
import { Host, type Properties } from "../../provider/host";
import { currentOperation } from "../../provider/operation";
import type { Person } from "../../sandbox/testing";
import { startTestRoom, type TestRoom } from "../helpers/clean-room";
import { azureDataset, s3Dataset } from "../helpers/inputs";
import { three, type Three } from "../helpers/three";
import { expectUnknownsPass } from "../helpers/unknown-values";

const PROVIDER = "exports.handler = () => provider;";

/** A handler that does what a test says, and otherwise finds what it is asked for. */
function hostOf(change: Partial<Handler<Properties, Properties>> = {}): Host {
  const handler: Handler<Properties, Properties> = {
    inputs: ["name", "secret"],
    elsewhere: true,
    idOf: () => Promise.resolve("the-id"),
    check: () => [],
    isPending: () => Promise.resolve(false),
    create: () => Promise.resolve({ id: "the-id", state: {} }),
    update: () => Promise.resolve({}),
    read: () => Promise.resolve({}),
    delete: () => Promise.resolve(),
    ...change,
  };
  return new Host("Kind", handler, () => undefined);
}

const inputs = { name: "n", secret: "s" };

describe("what an operation answers is what the engine stores, exactly", () => {
  test("so all inputs are among it, though a handler answers what it observed alone", async () => {
    const observed = { seen: 1 };
    const host = hostOf({
      create: () => Promise.resolve({ id: "the-id", state: observed }),
      update: () => Promise.resolve(observed),
      read: () => Promise.resolve(observed),
    });
    const stateId = expect.any(String) as string;
    expect((await host.create(inputs)).outs).toEqual({ ...inputs, ...observed, stateId });
    expect((await host.update("the-id", inputs, inputs)).outs).toEqual({ ...inputs, ...observed });
    const read = await host.read("the-id", inputs);
    expect(read.props).toEqual({ ...inputs, ...observed });
    expect(read.inputs).toEqual(inputs);
  });

  test("and what its wire does not take never gets there: it would throw after the service has committed", async () => {
    const strange = {
      missing: undefined,
      nested: { list: [undefined, { missing: undefined }], made: () => "text" },
      bytes: Buffer.from("ab"),
      when: new Date(0),
      none: Number.NaN,
    };
    expect(() => Struct.fromJavaScript(strange as never)).toThrow();
    const host = hostOf({
      create: () => Promise.resolve({ id: "the-id", state: strange }),
      update: () => Promise.resolve(strange),
      read: () => Promise.resolve(strange),
    });
    const answers = [
      (await host.create(inputs)).outs,
      (await host.update("the-id", inputs, inputs)).outs,
      (await host.read("the-id", inputs)).props,
    ];
    for (const answer of answers) {
      expect(Struct.fromJavaScript(answer as never).toJavaScript()).toEqual(answer);
      expect(answer).toMatchObject({ ...inputs, when: "1970-01-01T00:00:00.000Z", none: null });
    }
  });

  test("and the provider's own text is in nothing that a handler sees, or could return under another name", async () => {
    const seen: Properties[] = [];
    const note = (...given: Properties[]): void => void seen.push(...given);
    const host = hostOf({
      check: (news, olds) => (note(news, olds ?? {}), []),
      create: (_, news) => (note(news), Promise.resolve({ id: "the-id", state: {} })),
      update: (_, __, state, news) => (note(state, news), Promise.resolve({})),
      read: (_, __, state) => (note(state), Promise.resolve({})),
      delete: (_, __, state) => (note(state), Promise.resolve()),
      isPending: (_, __, state) => (note(state), Promise.resolve(false)),
    });
    const all = { ...inputs, __provider: PROVIDER };
    await host.check(all, all);
    await host.diff("the-id", all, all);
    await host.create(all);
    await host.update("the-id", all, all);
    await host.read("the-id", all);
    await host.delete("the-id", all);
    expect(seen.length).toBe(8);
    expect(seen.filter((properties) => JSON.stringify(properties).includes("exports."))).toEqual([]);
  });
});

describe("an error with an id is taken for a creation that broke off, and its properties for the state", () => {
  const breaks = (error: Error, wrote: boolean): Host =>
    hostOf({
      create: () => {
        if (wrote) currentOperation()?.noteWrite();
        return Promise.reject(error);
      },
    });
  const thrown = (host: Host): Promise<unknown> =>
    host.create({ ...inputs, __provider: PROVIDER }).then(
      () => undefined,
      (error: unknown) => error,
    );

  test("so it has the provider's text and all inputs: without them refresh and destroy fail for ever", async () => {
    const error = await thrown(breaks(new Error("cut"), true));
    expect(error).toBeInstanceOf(UnconfirmedError);
    const { id, properties, reasons } = error as UnconfirmedError;
    expect(id).toBe("the-id");
    expect(properties).toMatchObject({ ...inputs, __provider: PROVIDER, status: "unconfirmed" });
    expect(reasons).toEqual([(error as Error).message]);
  });

  test("so an error of another's making, refused or not, loses an id that it happens to have", async () => {
    const foreign = Object.assign(new Error("refused"), { id: "request-7", properties: { token: "t" } });
    const refused = await thrown(breaks(foreign, false));
    expect((refused as Error).message).toBe("refused");
    expect((refused as { id?: string }).id).toBeUndefined();
    const cut = (await thrown(breaks(foreign, true))) as UnconfirmedError;
    expect(cut.id).toBe("the-id");
    expect(cut.properties).not.toHaveProperty("token");
  });
});

test("a failed check names no property: the engine would print its value, secret or not", async () => {
  const { failures } = await hostOf({ check: () => ["secret: too long"] }).check({}, inputs);
  expect(failures).toEqual([{ property: "", reason: "secret: too long" }]);
});

test("a refresh keeps what says that a creation broke off, since the engine's own mark is gone after it", async () => {
  const broken = { ...inputs, status: "unconfirmed", reason: "cut" };
  const { props } = await hostOf().read("the-id", broken);
  expect(props).toEqual(broken);
  expect(await hostOf().diff("the-id", props, inputs)).toEqual({ changes: true });
});

test("a kind's provider is one object: the engine's serializer knows one that it has seen by its object", () => {
  for (const kind of KINDS) {
    expect(shim(kind)).toBe(shim(kind));
  }
});

describe("in a provider's process", () => {
  let room: TestRoom;
  let they: Three;

  beforeAll(async () => {
    room = await startTestRoom();
    they = await three(room);
  });
  afterEach(() => room.services.faults.clear());
  afterAll(() => room.end());

  /** What each kind is given, by somebody who may; all of it exists. */
  const cases = async (kind: string): Promise<readonly (readonly [Person, Properties])[]> => {
    const { datasets } = they;
    const documentId = "traps-query";
    const query = they.query(documentId);
    switch (kind) {
      case "DatasetDocument":
        return [
          ["contosso", azureDataset("traps-azure")],
          ["contosso", s3Dataset("traps-s3")],
          ["contosso", azureDataset("traps-chosen", { chosenId: "traps-chosen" })],
        ];
      case "ContractSecret":
        return [["contosso", { name: "traps", value: "hush", encoding: "text" }]];
      case "DocumentConsent":
        return [["contosso", { documentId: datasets.sales, consent: "enabled" }]];
      case "QueryDraft":
        return [["fabrikam", query]];
      case "QueryAmendment":
        return [["litware", { documentId: "traps-none", segments: query.segments }]];
      case "QueryProposal":
        return [["fabrikam", { documentId: (await they.proposed("traps-proposed")).proposal.state.documentId }]];
      case "QueryApproval":
        return [["contosso", { documentId: "traps-none", decision: "accept" }]];
      case "TenantIssuer": {
        // Nobody serves it, so it waits.
        const issuerUrl = "https://localhost:1/issuer";
        return [["contosso", { issuerUrl, keys: signingKeysOf([{ ...room.services.governance.jwk() }]) }]];
      }
      default:
        throw new Error(`no inputs for ${kind}: add some, so that its traps are tested`);
    }
  };
  // What speaks to a vault, a Managed HSM or a bucket has these tests beside its own.
  const elsewhere = ["AccessKeyProof", "DataKey", "HsmKey", "HsmRoleAssignment"];
  const kinds = KINDS.filter((kind) => !elsewhere.includes(kind));

  test.each(kinds)("of %s a value that is not known yet passes check and diff, wherever it stands", async (kind) => {
    for (const [who, given] of await cases(kind)) {
      const { id, state } = await they.kind(who, kind).create(given);
      room.writes();
      await expectUnknownsPass(they.kind(who, kind), given, id, state);
      expect(room.writes()).toEqual([]);
    }
  });

  test.each([401, 403, 500])(
    "a read that is answered %d is an error, never taken for gone, whatever the kind",
    async (status) => {
      const made = kinds.map(async (kind) =>
        (await cases(kind)).map(async ([who, given]) => {
          const provider = (await room.provider(who, { deadlineSeconds: "1" })).kind(kind);
          return { kind, provider, ...(await provider.create(given)) };
        }),
      );
      const all = await Promise.all((await Promise.all(made)).flat());
      room.services.faults.add({ kind: "answer", answer: { status, text: "{}" } });
      const reads = await Promise.allSettled(all.map(({ provider, id, state }) => provider.read(id, state)));
      room.services.faults.clear();
      const passed = all.filter((_, at) => reads[at]?.status === "fulfilled").map(({ kind }) => kind);
      expect(passed).toEqual([]);
      for (const { provider, id, state } of all) expect(await provider.read(id, state)).toBeDefined();
    },
  );
});
