import assert from "node:assert/strict";
import { denoHost } from "../../../src/jupyter/hosts/deno.ts";

type Global = Omit<typeof globalThis, "prompt"> & { Deno?: unknown; prompt?: unknown };

describe("the host for Deno's kernel", () => {
  const global = globalThis as Global;
  const { prompt } = global;
  afterEach(() => {
    delete global.Deno;
    global.prompt = prompt;
  });

  it("is not there outside of it: in Node, and in a script of Deno", () => {
    assert.equal(denoHost(), undefined);
    global.Deno = {
      get jupyter(): never {
        throw new Error("Deno.jupyter is only available in `deno jupyter` subcommand.");
      },
    };
    assert.equal(denoHost(), undefined);
  });

  it("speaks by broadcasts", async () => {
    const sent: unknown[] = [];
    global.Deno = {
      jupyter: { broadcast: (...message: unknown[]) => Promise.resolve(void sent.push(message)) },
    };
    const host = denoHost()!;
    const bundle = { data: { "text/plain": "x" }, metadata: {} };
    await host.display(bundle);
    await host.display(bundle, { displayId: "a", update: true });
    await host.clearOutput?.({ wait: true });
    host.sendComm?.({ type: "comm_open", id: "c", target: "t", data: { a: 1 } });
    assert.deepEqual(sent, [
      ["display_data", { ...bundle, transient: {} }],
      ["update_display_data", { ...bundle, transient: { display_id: "a" } }],
      ["clear_output", { wait: true }],
      ["comm_open", { comm_id: "c", target_name: "t", data: { a: 1 } }, { metadata: {}, buffers: [] }],
    ]);
  });

  it("asks by Deno's own prompt", async () => {
    global.Deno = { jupyter: { broadcast: () => Promise.resolve() } };
    global.prompt = (message: string, _initial: string, { password = false } = {}) => `${message}${password}`;
    const host = denoHost()!;
    assert.equal(host.inputSync?.("Key: ", { password: true }), "Key: true");
    assert.equal(await host.input?.("Name: "), "Name: false");
  });
});
