import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { topic, type Case } from "../support/case.ts";
import { noWay, print, set } from "../support/codes.ts";
import type { Kernel } from "../support/kernel.ts";

const delimiter = "<IDS|MSG>";
const change = {
  code: "kept = 0",
  silent: false,
  store_history: true,
  allow_stdin: false,
  stop_on_error: true,
};

/** Something is sent that a kernel must not mind: nothing changes, and the next cell is the next. */
function harmless(name: string, send: (kernel: Kernel) => Promise<void>): Case {
  return {
    name,
    async run(kernel) {
      const { client, code } = kernel;
      await client.run(code(set("kept", "42")));
      const before = (await client.run("kept")).content.execution_count;
      await send(kernel);
      await delay(300);
      const after = await client.run("kept");
      assert.equal(after.value, "42");
      assert.equal(after.content.execution_count, Number(before) + 1);
      await client.request("kernel_info", {}, { channel: "control" });
    },
  };
}

export const robustness = topic("robustness", [
  harmless("a message signed with another key is dropped", async ({ client }) => {
    await client.send("execute_request", change, { key: "another" });
  }),
  harmless("an unsigned message is dropped", async ({ client }) => {
    await client.send("execute_request", change, { key: "" });
  }),
  harmless("an unsigned shutdown on control is dropped", async ({ client }) => {
    await client.send("shutdown_request", { restart: false }, { key: "", channel: "control" });
  }),
  harmless("a message without its frames is dropped", async ({ client }) => {
    for (let frames = 0; frames < 5; frames++)
      await client.sendFrames([delimiter, "0".repeat(64), "{}", "{}", "{}"].slice(0, frames + 1));
  }),
  harmless("frames without a delimiter are dropped", async ({ client }) => {
    await client.sendFrames(["nonsense"]);
    await client.sendFrames(["", "", "", ""]);
    await client.sendFrames([Buffer.alloc(100_000, 255)], "control");
  }),
  harmless("a signature of another length, or none, is dropped", async ({ client }) => {
    for (const signature of ["", "ab", "z".repeat(64), "0".repeat(1000)])
      await client.sendFrames([delimiter, signature, "{}", "{}", "{}", JSON.stringify(change)]);
  }),
  harmless("a well signed message that is not JSON is dropped", async (kernel) => {
    for (const header of ["not JSON", "{", "", "[]", "null", "5", '"text"', "\ud800"])
      await kernel.client.sendFrames(await signed(kernel, [header, "{}", "{}", "{}"]));
  }),
  harmless("a well signed message whose content is no object is dropped", async (kernel) => {
    const header = JSON.stringify({
      msg_id: "x",
      msg_type: "execute_request",
      session: "s",
      username: "",
      date: "",
      version: "5.3",
    });
    for (const content of ["not JSON", "[]", "null", "5"])
      await kernel.client.sendFrames(await signed(kernel, [header, "{}", "{}", content]));
  }),
  harmless("a header without its fields is dropped", async (kernel) => {
    for (const header of [{}, { msg_id: 5 }, { msg_type: null }, { msg_id: "x" }])
      await kernel.client.sendFrames(await signed(kernel, [JSON.stringify(header), "{}", "{}", "{}"]));
  }),
  harmless("a message of unknown type is dropped, on shell and on control", async ({ client }) => {
    await client.send("frobnicate_request", {});
    await client.send("frobnicate_request", {}, { channel: "control" });
    await client.send("toString", {});
    await client.send("__proto__", {});
  }),
  harmless("requests without their fields are answered or dropped", async ({ client }) => {
    for (const type of ["complete", "inspect", "is_complete", "history", "comm_info"])
      await client.send(`${type}_request`, {});
    for (const type of ["comm_open", "comm_msg", "comm_close"]) await client.send(type, {});
  }),
  harmless("requests with fields of other types are answered or dropped", async ({ client }) => {
    await client.send("complete_request", { code: 5, cursor_pos: "end" });
    await client.send("inspect_request", { code: null, cursor_pos: -7, detail_level: {} });
    await client.send("is_complete_request", { code: ["a"] });
    await client.send("history_request", { hist_access_type: 7, n: "many" });
    await client.send("complete_request", { code: "a", cursor_pos: 1e9 });
  }),
  harmless("a message with 20 MB of buffers", async ({ client }) => {
    const buffer = Buffer.alloc(20_000_000, 1).toString("base64");
    const sent = await client.send("comm_msg", { comm_id: "nobody", data: {} }, { buffers: [buffer] });
    await client.wait("idle", () => sent.idle);
  }),
  harmless("answers that nobody has asked for", async ({ client }) => {
    await client.send("input_reply", { value: "x" }, { channel: "stdin" });
    await client.send("execute_reply", { status: "ok" });
    await client.send("input_reply", { value: "x" });
  }),
  harmless("front ends that come and go", async (kernel) => {
    for (let each = 0; each < 10; each++) {
      const client = await kernel.connect();
      await client.send("kernel_info_request");
      await client.close();
    }
  }),
  harmless("a message that is sent twice is run once", async (kernel) => {
    const header = {
      msg_id: "again",
      msg_type: "execute_request",
      session: "s",
      username: "",
      date: "2026-01-01T00:00:00Z",
      version: "5.3",
    };
    const content = { ...change, code: "kept", silent: true };
    const frames = await signed(kernel, [JSON.stringify(header), "{}", "{}", JSON.stringify(content)]);
    await kernel.client.sendFrames(frames);
    await kernel.client.sendFrames(frames);
  }),
  {
    name: "an error whose properties throw is shown",
    async run({ client, code }) {
      const cell = await client.execute(
        code({
          ts: 'throw { get message() { throw new Error("inner"); }, toString() { throw new Error("inner"); } }',
          py: 'class Bad(Exception):\n    def __str__(self): raise OSError("inner")\nraise Bad()',
        }),
      );
      assert.equal(cell.content.status, "error");
      await client.run("1");
    },
  },
  {
    name: "a value whose display throws fails its cell only, or is shown otherwise",
    async run({ client, code }) {
      await client.execute(
        code({
          ts: '({ [Symbol.for("Jupyter.display")]() { throw new Error("no display"); } })',
          py: 'class A:\n    def _repr_html_(self): raise OSError("no display")\nA()',
        }),
      );
      await client.run("1");
    },
  },
  {
    name: "throwing what is no error is reported",
    async run({ client, code }) {
      for (const thrown of ["undefined", "null", "5", '"text"']) {
        const cell = await client.execute(code({ ts: `throw ${thrown}` }));
        assert.equal(cell.content.status, "error", thrown);
      }
    },
  },
  {
    name: "deep recursion is an error",
    async run({ client, code }) {
      const cell = await client.execute(
        code({
          ts: "function deep(): number { return deep() + 1; }\ndeep()",
          py: "def deep(): return deep() + 1\ndeep()",
        }),
      );
      assert.equal(cell.content.status, "error");
      assert.match(String(cell.content.ename), /RangeError|RecursionError/);
      await client.run("1");
    },
  },
  {
    name: "code that breaks console and JSON does not break the kernel",
    async run({ client, code }) {
      await client.execute(
        code({
          ts: "JSON.stringify = () => { throw new Error('no'); }; (console as any).log = null; undefined",
        }),
      );
      assert.equal((await client.run("1 + 1")).value, "2");
    },
    spoils: true,
  },
  {
    name: "process.exit() is reported, and the kernel ends with its code",
    spoils: true,
    async run(kernel) {
      const cell = await kernel.client.begin(
        kernel.code({
          ts: 'console.log("before"); process.exit(3); console.log("after")',
          deno: 'console.log("before"); Deno.exit(3); console.log("after")',
        }),
      );
      await cell.done();
      assert.equal(cell.stdout, "before\n");
      assert.match(cell.complaint, /exit/i);
      assert.equal(await kernel.ends(), 3);
    },
  },
  {
    name: "running out of memory ends with a message that says so",
    spoils: true,
    async run(kernel) {
      const cell = await kernel.client.begin(
        kernel.code({
          convoscope:
            'import v8 from "node:v8"; v8.setFlagsFromString("--max-old-space-size=150"); const hoard = []; for (;;) hoard.push(new Array(100_000).fill(Math.random()))',
          tslab: noWay,
          deno: noWay,
        }),
      );
      await kernel.ends(60_000);
      await cell.prints(/memory/i, 2000).catch(() => assert.match(cell.complaint, /memory/i));
    },
  },
  {
    name: "a session of many cells stays correct",
    async run({ client, code }) {
      for (let each = 0; each < 100; each++) await client.run(code(set(`v${each}`, String(each))));
      assert.equal((await client.run("v0 + v99")).value, "99");
      assert.equal((await client.run(code(print("end")))).stdout, "end\n");
    },
  },
]);

/** Frames as a front end with the right key sends them. */
async function signed(kernel: Kernel, frames: string[]): Promise<string[]> {
  const hmac = createHmac("sha256", await kernel.key());
  for (const frame of frames) hmac.update(frame);
  return [delimiter, hmac.digest("hex"), ...frames];
}
