import assert from "node:assert/strict";
import type { Content } from "../support/bridge.ts";
import { topic, type Case } from "../support/case.ts";
import type { Client } from "../support/client.ts";
import { failLater, print, set, sleep } from "../support/codes.ts";

const control = { channel: "control" } as const;

async function create(client: Client): Promise<string> {
  const reply = await client.request("create_subshell", {}, control);
  assert.equal(reply.status, "ok", JSON.stringify(reply));
  return String(reply.subshell_id);
}

const remove = (client: Client, id: string): Promise<Content> =>
  client.request("delete_subshell", { subshell_id: id }, control);

const list = async (client: Client): Promise<unknown> =>
  (await client.request("list_subshell", {}, control)).subshell_id;

/** In which of two lanes cells run: one of them or both in subshells. */
const lanes = [
  [false, true],
  [true, false],
  [true, true],
] as const;

const inLanes = (subshells: readonly [boolean, boolean]): string =>
  subshells.map((each) => (each ? "a subshell" : "the main shell")).join(" and ");

/** Has something done with two lanes, whose subshells are deleted afterwards. */
function withLanes(
  subshells: readonly [boolean, boolean],
  use: (lanes: [Content, Content], ids: (string | null)[]) => (client: Client) => Promise<void>,
): (client: Client) => Promise<void> {
  return async (client) => {
    const ids: (string | null)[] = [];
    for (const each of subshells) ids.push(each ? await create(client) : null);
    const [first, second] = ids.map((id) => (id === null ? {} : { subshell_id: id }));
    await use([first!, second!], ids)(client);
    for (const id of ids) if (id !== null) await remove(client, id);
  };
}

export const subshells = topic("subshells", [
  {
    name: "kernel_info says that there are subshells",
    async run({ client }) {
      const { supported_features: features } = await client.request("kernel_info");
      assert.ok(
        (features as string[] | undefined)?.includes("kernel subshells"),
        "not among supported_features",
      );
    },
  },
  {
    name: "are created, listed and deleted",
    async run({ client }) {
      assert.deepEqual(await list(client), []);
      const id = await create(client);
      assert.deepEqual(await list(client), [id]);
      assert.equal((await remove(client, id)).status, "ok");
      assert.deepEqual(await list(client), []);
    },
  },
  {
    name: "deleting one that is not there is an error",
    async run({ client }) {
      assert.equal((await remove(client, "nobody")).status, "error");
    },
  },
  {
    name: "share the session's variables",
    async run({ client, code }) {
      const id = await create(client);
      await client.run(code(set("shared", "5")), { header: { subshell_id: id } });
      assert.equal((await client.run("shared")).value, "5");
      await remove(client, id);
    },
  },
  ...lanes.map((where): Case => ({
    name: `${inLanes(where)} run at the same time`,
    run: ({ client, code }) =>
      withLanes(where, ([first, second]) => async () => {
        const waiting = await client.begin(
          code({
            ts: "let opened: () => void = () => {}; await new Promise<void>((done) => { opened = done; }); 'met'",
            py: "import asyncio, threading\ngate = threading.Event()\nimport time\nfor _ in range(400):\n    if gate.is_set(): break\n    await asyncio.sleep(0.02)\nassert gate.is_set()\n'met'",
          }),
          { header: first },
        );
        await waiting.begins();
        await new Promise((done) => setTimeout(done, 200));
        const opening = await client.begin(code({ ts: "opened()", py: "gate.set()" }), { header: second });
        await opening.done();
        await waiting.done();
        assert.match(waiting.value, /met/);
      })(client),
  })),
  {
    name: "one is created while a cell waits",
    async run({ client, code }) {
      const cell = await client.begin(code(sleep(1000)));
      const id = await create(client);
      assert.equal(cell.heardOn("shell"), undefined);
      await cell.done();
      await remove(client, id);
    },
  },
  {
    name: "requests other than cells run in one while a cell waits: comm_info, complete",
    async run({ client, code }) {
      const id = await create(client);
      const cell = await client.begin(code(sleep(1000)));
      await cell.begins();
      await client.request("comm_info", {}, { header: { subshell_id: id } });
      await client.request("complete", { code: "x", cursor_pos: 1 }, { header: { subshell_id: id } });
      assert.equal(cell.heardOn("shell"), undefined);
      await cell.done();
      await remove(client, id);
    },
  },
  ...lanes.map((where): Case => ({
    name: `an error in one lane aborts that lane's queue only: ${inLanes(where)}`,
    run: ({ client, code }) =>
      withLanes(where, ([first, second], ids) => async () => {
        const failing = [
          await client.begin(code(failLater), { header: first }),
          await client.begin(code(print("hello")), { header: first }),
          await client.begin(code(print("goodbye")), { header: first }),
        ];
        const others = [
          await client.begin(code(sleep(1500)), { header: second }),
          await client.begin(code(print("other")), { header: second }),
        ];
        const states = [];
        for (const [index, sent] of [...failing, ...others].entries()) {
          await sent.done();
          states.push(sent.content.status);
          const parent = sent.heardOn("shell")!.message!.parent;
          assert.equal(parent.subshell_id ?? null, ids[index < failing.length ? 0 : 1]);
        }
        assert.deepEqual(states, ["error", "aborted", "aborted", "ok", "ok"]);
        await client.run(code(print("check")), { header: first });
      })(client),
  })),
  ...lanes.map((where): Case => ({
    name: `busy and idle name their own lane: ${inLanes(where)}`,
    run: ({ client, code }) =>
      withLanes(where, ([first, second], ids) => async () => {
        const sent = [
          await client.begin(code(sleep(300)), { header: first }),
          await client.begin(code(sleep(300)), { header: second }),
        ];
        for (const [index, each] of sent.entries()) {
          await each.done();
          const states = each.of("status");
          assert.deepEqual(
            states.map(({ content, parent }) => [content.execution_state, parent.subshell_id ?? null]),
            [
              ["busy", ids[index]],
              ["idle", ids[index]],
            ],
          );
        }
      })(client),
  })),
  {
    name: "silent is silent in a subshell, while the main shell speaks",
    async run({ client, code }) {
      const id = await create(client);
      const silent = await client.begin(
        code({
          ts: "await new Promise((done) => setTimeout(done, 500)); 5",
          py: "import asyncio\nawait asyncio.sleep(0.5)\n5",
        }),
        { silent: true, header: { subshell_id: id } },
      );
      const noisy = await client.begin(code(print("noisy")));
      await noisy.done();
      await silent.done();
      assert.equal(noisy.stdout, "noisy\n");
      assert.deepEqual(silent.trace, ["busy", "idle"]);
      await remove(client, id);
    },
  },
  {
    name: "late output of a subshell's cell lands under it",
    async run({ client, code }) {
      const id = await create(client);
      const cell = await client.run(
        code({
          ts: 'setTimeout(() => console.log("from the lane"), 200); undefined',
          py: 'import threading\nthreading.Timer(0.2, lambda: print("from the lane")).start()',
        }),
        { header: { subshell_id: id } },
      );
      const other = await client.run(code(sleep(500)));
      await cell.prints(/from the lane/);
      assert.equal(other.stdout, "");
      await remove(client, id);
    },
  },
  {
    name: "shutdown with a subshell that waits",
    spoils: true,
    async run(kernel) {
      const id = await create(kernel.client);
      const cell = await kernel.client.begin(kernel.code(sleep(60_000)), { header: { subshell_id: id } });
      await cell.begins();
      await kernel.client.request("shutdown", { restart: false }, control);
      await kernel.ends();
    },
  },
]);
