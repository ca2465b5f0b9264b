import assert from "node:assert/strict";
import { clearOutput } from "../../src/jupyter/clearOutput.ts";
import { display } from "../../src/jupyter/display.ts";
import { currentHost, setHost } from "../../src/jupyter/host.ts";
import { terminalHost } from "../../src/jupyter/hosts/terminal.ts";
import { displaySymbol, metadataSymbol } from "../../src/jupyter/mimeBundle.ts";
import { html, md } from "../../src/jupyter/template.ts";
import { toBundle } from "../../src/jupyter/toBundle.ts";
import { recordingHost } from "./support.ts";

describe("display", () => {
  afterEach(() => setHost(undefined));

  it("hands a value's own representations and their metadata to the host", async () => {
    const { shown } = recordingHost();
    const data = Object.defineProperty({ "image/png": "AAAA", "text/plain": "a dot" }, metadataSymbol, {
      value: { "image/png": { width: 1 } },
    });
    await display({ [displaySymbol]: () => Promise.resolve(data) });
    assert.deepEqual(shown[0]?.[0], {
      data: { "image/png": "AAAA", "text/plain": "a dot" },
      metadata: { "image/png": { width: 1 } },
    });
  });

  it("names what it shows, so that it can be replaced", async () => {
    const { shown } = recordingHost();
    await display(1, { displayId: "state" });
    await display(2, { displayId: "state", update: true });
    assert.deepEqual(
      shown.map(([{ data }, options]) => [data["text/plain"], options]),
      [
        ["1", { displayId: "state", update: false }],
        ["2", { displayId: "state", update: true }],
      ],
    );
  });

  it("shows at once what needs no waiting, so that it stands before what is printed next", async () => {
    const { shown } = recordingHost();
    const values = [
      1,
      { a: 1 },
      [{ a: 1 }],
      html`<b
        >${md`
x
        `}</b
      >`,
      { [displaySymbol]: () => ({ "text/plain": "y" }) },
    ];
    const displayed = values.map((value) => display(value));
    assert.equal(shown.length, values.length);
    await Promise.all(displayed);
    assert.equal(shown.length, values.length);
  });

  it("returns a handle that replaces it", async () => {
    const { shown } = recordingHost();
    const [first, second] = [await display("a"), await display("b")];
    assert.notEqual(first.id, second.id);
    await first.update("c");
    assert.deepEqual(shown.at(-1), [
      { data: { "text/plain": "'c'" }, metadata: {} },
      { displayId: first.id, update: true },
    ]);
  });

  it("shows nothing more as the last expression of a cell, and is waited for there", async () => {
    const { shown } = recordingHost();
    const shownLater = display({ [displaySymbol]: () => Promise.resolve({ "text/plain": "late" }) });
    assert.deepEqual(await toBundle(shownLater), { data: {}, metadata: {} });
    assert.deepEqual(shown[0]?.[0].data, { "text/plain": "late" });
    const handle = await shownLater;
    assert.deepEqual(await toBundle(handle.update("new")), { data: {}, metadata: {} });
    assert.deepEqual(await toBundle(clearOutput()), { data: {}, metadata: {} });
    await assert.rejects(async () =>
      toBundle(display({ [displaySymbol]: () => Promise.reject(new Error("no")) })),
    );
  });

  it("rejects with the error of a value that cannot show itself, and shows nothing", async () => {
    const { shown } = recordingHost();
    await assert.rejects(display({ [displaySymbol]: () => Promise.reject(new Error("no")) }), /^Error: no$/);
    assert.deepEqual(shown, []);
  });

  it("finds the terminal where there is no notebook", () => {
    assert.equal(currentHost(), terminalHost);
    assert.equal(currentHost().notebook, false);
  });
});

describe("clearOutput", () => {
  afterEach(() => setHost(undefined));

  it("asks the notebook, at once or before the next output", async () => {
    const { cleared } = recordingHost();
    await clearOutput();
    await clearOutput({ wait: true });
    assert.deepEqual(cleared, [{}, { wait: true }]);
  });

  it("does nothing in a terminal", async () => {
    await clearOutput();
  });
});
