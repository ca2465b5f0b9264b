import assert from "node:assert/strict";
import type { Content } from "../support/bridge.ts";
import { topic, type Case } from "../support/case.ts";
import { noWay } from "../support/codes.ts";

/** A PNG of 1 x 1 pixels. */
const png =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

const dataOf = (message: { content: Content } | undefined): Content => message?.content.data as Content;

export const displays = topic("display", [
  {
    name: "display_data in the middle of a cell",
    async run({ client, code }) {
      const cell = await client.run(
        code({
          convoscope: "await display(html`<b>x</b>`); 5",
          deno: 'await Deno.jupyter.display({ "text/html": "<b>x</b>" }, { raw: true }); 5',
          tslab: 'import * as tslab from "tslab"; tslab.display.html("<b>x</b>"); 5',
          py: 'from IPython.display import display, HTML\ndisplay(HTML("<b>x</b>")); 5',
        }),
      );
      assert.equal(dataOf(cell.of("display_data")[0])["text/html"], "<b>x</b>");
    },
  },
  {
    name: "transient and metadata are objects, never null",
    async run({ client, code }) {
      const cell = await client.run(
        code({
          convoscope: "await display(html`<b>x</b>`)",
          deno: 'await Deno.jupyter.display({ "text/html": "<b>x</b>" }, { raw: true })',
          tslab: 'import * as tslab from "tslab"; tslab.display.html("<b>x</b>")',
          py: 'from IPython.display import display, HTML\ndisplay(HTML("<b>x</b>"))',
        }),
      );
      const { metadata, transient = {} } = cell.of("display_data")[0]!.content;
      assert.ok(metadata !== null && typeof metadata === "object", "metadata");
      assert.ok(transient !== null && typeof transient === "object", "transient");
    },
  },
  {
    name: "a display that is updated in place, from a later cell too",
    async run({ client, code }) {
      const first = await client.run(
        code({
          convoscope: 'let handle = await display("one", { displayId: "d1" }); undefined',
          deno: 'await Deno.jupyter.display({ "text/plain": "one" }, { raw: true, display_id: "d1" }); undefined',
          tslab: 'import * as tslab from "tslab"; let d1 = tslab.newDisplay(); d1.text("one")',
          py: 'from IPython.display import display, update_display\nhandle = display("one", display_id="d1")',
        }),
      );
      const { display_id: id } = first.of("display_data")[0]!.content.transient as Content;
      assert.equal(typeof id, "string");
      const second = await client.run(
        code({
          convoscope: 'await handle.update("two")',
          deno: 'await Deno.jupyter.display({ "text/plain": "two" }, { raw: true, display_id: "d1", update: true }); undefined',
          tslab: 'd1.text("two")',
          py: 'handle.update("two")',
        }),
      );
      const update = second.of("update_display_data")[0]!.content;
      assert.equal((update.transient as Content).display_id, id);
      assert.match(String((update.data as Content)["text/plain"]), /two/);
    },
  },
  ...[false, true].map((wait) => ({
    name: `clear_output${wait ? " that waits for the next output" : ""}`,
    run: (async ({ client, code }) => {
      const cell = await client.run(
        code({
          convoscope: `console.log("a"); await clearOutput({ wait: ${wait} }); console.log("b")`,
          deno: `console.log("a"); await Deno.jupyter.broadcast("clear_output", { wait: ${wait} }); console.log("b")`,
          tslab: noWay,
          py: `from IPython.display import clear_output\nprint("a"); clear_output(wait=${wait ? "True" : "False"}); print("b")`,
        }),
      );
      assert.deepEqual(cell.of("clear_output")[0]?.content, { wait });
      const order = cell.trace.filter((each) => each === "stream" || each === "clear_output");
      assert.deepEqual(order, ["stream", "clear_output", "stream"]);
    }) satisfies Case["run"],
  })),
  {
    name: "a value shows itself by its own method",
    async run({ client, code }) {
      const cell = await client.run(
        code({
          ts: '({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<i>own</i>", "text/plain": "own" }) })',
          py: 'class A:\n    def _repr_html_(self): return "<i>own</i>"\nA()',
        }),
      );
      assert.equal(dataOf(cell.of("execute_result")[0])["text/html"], "<i>own</i>");
    },
  },
  {
    name: "every bundle has text/plain",
    async run({ client, code }) {
      const cell = await client.run(
        code({
          ts: '({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<i>own</i>" }) })',
          py: 'from IPython.display import HTML\nHTML("<i>own</i>")',
        }),
      );
      assert.equal(typeof dataOf(cell.of("execute_result")[0])["text/plain"], "string");
    },
  },
  {
    name: "JSON in a bundle is JSON, and numbers that JSON has not do no harm",
    async run({ client, code }) {
      const cell = await client.run(
        code({
          ts: '({ [Symbol.for("Jupyter.display")]: () => ({ "application/json": { a: [1, NaN] }, "text/plain": "j" }) })',
          py: 'from IPython.display import display\ndisplay({"application/json": {"a": [1, float("nan")]}, "text/plain": "j"}, raw=True)',
        }),
      );
      assert.deepEqual((cell.data?.["application/json"] as { a: unknown[] }).a[0], 1);
    },
  },
  {
    name: "bytes of a PNG are shown as a picture",
    async run({ client, code }) {
      const cell = await client.run(
        code({
          ts: `Uint8Array.from(atob("${png}"), (c) => c.charCodeAt(0))`,
          tslab: `import * as tslab from "tslab"; tslab.display.png(Uint8Array.from(atob("${png}"), (c) => c.charCodeAt(0)))`,
          py: `import base64\nfrom IPython.display import Image\nImage(base64.b64decode("${png}"))`,
        }),
      );
      assert.equal(String(cell.data?.["image/png"]).trim(), png);
    },
  },
  {
    name: "a picture of 1 MB arrives whole",
    async run({ client, code }) {
      const cell = await client.run(
        code({
          convoscope:
            'await display({ [Symbol.for("Jupyter.display")]: () => ({ "image/png": Buffer.alloc(1_000_000, 7).toString("base64") }) })',
          deno: 'await Deno.jupyter.display({ "image/png": btoa(String.fromCharCode(7).repeat(1_000_000)) }, { raw: true })',
          tslab: 'import * as tslab from "tslab"; tslab.display.png(new Uint8Array(1_000_000).fill(7))',
          py: 'import base64\nfrom IPython.display import display\ndisplay({"image/png": base64.b64encode(bytes([7]) * 1_000_000).decode()}, raw=True)',
        }),
      );
      const expected = Buffer.alloc(1_000_000, 7).toString("base64");
      assert.ok(String(cell.data?.["image/png"]).replaceAll("\n", "") === expected, "another picture");
    },
  },
  {
    name: "a Vega-Lite specification is shown as a chart",
    async run({ client, code }) {
      const spec =
        '{ "$schema": "https://vega.github.io/schema/vega-lite/v5.json", data: { values: [{ a: 1 }] }, mark: "bar", encoding: { x: { field: "a" } } }';
      const cell = await client.run(
        code({
          convoscope: `(${spec})`,
          deno: `({ toSpec: () => (${spec}) })`,
          tslab: `(${spec})`,
        }),
      );
      const types = Object.keys(cell.data ?? {});
      assert.ok(
        types.some((type) => type.includes("vega")),
        types.join(),
      );
    },
  },
  {
    name: "records are shown as a table",
    async run({ client, code }) {
      const cell = await client.run(code({ ts: '[{ name: "a", size: 1 }, { name: "b", size: 2 }]' }));
      assert.match(String(cell.data?.["text/html"]), /<table[^]*size/);
    },
  },
  {
    name: "a typed array says its type and length, and is cut when it is long",
    async run({ client, code }) {
      const cell = await client.run(code({ ts: "new Float32Array(100000)" }));
      assert.match(cell.value, /Float32Array/);
      assert.match(cell.value, /100[, _]?000/);
      assert.ok(cell.value.length < 5000, `${cell.value.length} characters`);
    },
  },
  {
    name: "a long text is cut with its length said, a deep or circular object does no harm",
    async run({ client, code }) {
      const cell = await client.run(
        code({
          ts: "const ring: any = { a: 1 }; ring.ring = ring; ring",
          py: "ring = {'a': 1}\nring['ring'] = ring\nring",
        }),
      );
      assert.match(cell.value, /Circular|\.\.\./);
    },
  },
  {
    name: "tslab's own module shows what it shows there",
    appliesTo: ["tslab", "convoscope"],
    async run({ client }) {
      const cell = await client.run(
        'import * as tslab from "tslab";\ntslab.display.html("<b>tslab</b>"); tslab.display.markdown("# t"); tslab.display.text("plain")',
      );
      const shown = cell.of("display_data").map((each) => Object.keys(dataOf(each)));
      assert.ok(
        shown.some((types) => types.includes("text/html")) &&
          shown.some((types) => types.includes("text/markdown")),
        'shown.some((types) => types.includes("text/html")) && shown.some((types) => types.includes("text/markdown"))',
      );
    },
  },
  {
    name: "Deno.jupyter shows what it shows there",
    appliesTo: ["deno", "convoscope"],
    async run({ client }) {
      const cell = await client.run(
        'await Deno.jupyter.display({ "text/html": "<b>deno</b>" }, { raw: true });\nDeno.jupyter.md`# t`',
      );
      assert.equal(dataOf(cell.of("display_data")[0])["text/html"], "<b>deno</b>");
      assert.equal(dataOf(cell.of("execute_result")[0])["text/markdown"], "# t");
    },
  },
]);
