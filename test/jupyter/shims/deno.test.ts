import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setHost } from "../../../src/jupyter/host.ts";
import { denoShim } from "../../../src/jupyter/shims/deno.ts";
import { dataOf, recordingHost } from "../support.ts";

const { jupyter } = denoShim;
const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

describe("Deno.jupyter", () => {
  afterEach(() => setHost(undefined));

  it("has Deno's names", () => {
    assert.deepEqual(Object.keys(jupyter).sort(), [
      ...["$display", "broadcast", "display", "format", "html", "image", "md", "svg"],
    ]);
  });

  it("displays values, representations, and updates", async () => {
    const { shown } = recordingHost();
    await jupyter.display([1]);
    await jupyter.display({ "text/html": "<b>x</b>", "text/plain": "x" }, { raw: true, display_id: "a" });
    await jupyter.display(2, { update: true, display_id: "a" });
    assert.deepEqual(
      shown.map(([{ data }, options]) => [data, options]),
      [
        [{ "text/plain": "[ 1 ]" }, { update: false }],
        [
          { "text/html": "<b>x</b>", "text/plain": "x" },
          { displayId: "a", update: false },
        ],
        [{ "text/plain": "2" }, { displayId: "a", update: true }],
      ],
    );
  });

  it("fills templates as they are", async () => {
    const data = await dataOf(jupyter.html`<b>${"<i>x</i>"}${undefined}${1}</b>`);
    assert.equal(data["text/html"], "<b><i>x</i>1</b>");
    assert.equal((await dataOf(jupyter.md`# ${"x"}`))["text/markdown"], "# x");
    assert.equal((await dataOf(jupyter.svg`<svg/>`))["image/svg+xml"], "<svg/>");
  });

  it("shows pictures by path and by bytes", async () => {
    const directory = mkdtempSync(join(tmpdir(), "convoscope-deno-"));
    const path = join(directory, "dot.png");
    writeFileSync(path, png);
    try {
      for (const source of [path, png])
        assert.equal((await dataOf(jupyter.image(source)))["image/png"], Buffer.from(png).toString("base64"));
      assert.throws(
        () => jupyter.image(Uint8Array.of(1)),
        /^InputError: Deno\.jupyter\.image: expected a PNG or JPEG/,
      );
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it("formats by the symbol that it names", async () => {
    const value = { [jupyter.$display]: () => ({ "text/plain": "mine" }) };
    assert.deepEqual(await jupyter.format(value), { "text/plain": "mine" });
  });

  it("broadcasts displays, clearing and comms", async () => {
    const { shown, cleared, sent } = recordingHost();
    await jupyter.broadcast("display_data", {
      data: { "text/plain": "x" },
      metadata: { a: 1 },
      transient: { display_id: "d" },
    });
    await jupyter.broadcast("update_display_data", {
      data: {},
      metadata: {},
      transient: { display_id: "d" },
    });
    await jupyter.broadcast("clear_output", { wait: true });
    await jupyter.broadcast(
      "comm_open",
      { comm_id: "c", target_name: "jupyter.widget", data: { state: {} } },
      { metadata: { version: "2.1.0" }, buffers: [Uint8Array.of(1).buffer] },
    );
    assert.deepEqual(shown, [
      [
        { data: { "text/plain": "x" }, metadata: { a: 1 } },
        { displayId: "d", update: false },
      ],
      [
        { data: {}, metadata: {} },
        { displayId: "d", update: true },
      ],
    ]);
    assert.deepEqual(cleared, [{ wait: true }]);
    assert.deepEqual(sent, [
      {
        ...{ type: "comm_open", id: "c", target: "jupyter.widget", data: { state: {} } },
        metadata: { version: "2.1.0" },
        buffers: [Uint8Array.of(1)],
      },
    ]);
  });

  it("says which messages it does not send", async () => {
    await assert.rejects(
      jupyter.broadcast("status", {}),
      /^InputError: Deno\.jupyter\.broadcast: expected one of display_data, .* found status$/,
    );
  });
});
