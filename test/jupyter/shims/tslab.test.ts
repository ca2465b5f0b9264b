import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { setHost } from "../../../src/jupyter/host.ts";
import * as shim from "../../../src/jupyter/shims/tslab.ts";
import { recordingHost } from "../support.ts";

describe("tslab's own module", () => {
  afterEach(() => setHost(undefined));
  const { display, newDisplay, versions } = shim;

  it("has what tslab's has", () => {
    const tslab = createRequire(import.meta.url)("tslab") as typeof shim;
    assert.deepEqual(Object.keys(shim).sort(), Object.keys(tslab).sort());
    assert.deepEqual(Object.keys(versions).sort(), Object.keys(tslab.versions).sort());
    assert.equal(versions.tslab, tslab.versions.tslab);
    assert.match(versions.typescript, /^\d+\.\d+\.\d+/);
    const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(tslab.display)).filter(
      (name) => name !== "constructor",
    );
    assert.deepEqual(Object.keys(display).sort(), methods.sort());
  });

  it("shows text by its type, with a text for front ends that know only that", () => {
    const { shown } = recordingHost();
    display.html("<b>x</b>");
    display.markdown("*x*");
    display.latex("$x$");
    display.svg("<svg/>");
    display.javascript("x()");
    display.text("x");
    assert.deepEqual(
      shown.map(([{ data }]) => data),
      [
        { "text/plain": "<b>x</b>", "text/html": "<b>x</b>" },
        { "text/plain": "*x*", "text/markdown": "*x*" },
        { "text/plain": "$x$", "text/latex": "$x$" },
        { "text/plain": "<svg/>", "image/svg+xml": "<svg/>" },
        { "text/plain": "x()", "text/javascript": "x()" },
        { "text/plain": "x" },
      ],
    );
    assert.ok(shown.every(([, options]) => options?.displayId === undefined));
  });

  it("shows bytes as base64", () => {
    const { shown } = recordingHost();
    display.png(Uint8Array.of(1, 2, 3));
    display.raw("application/pdf", Buffer.from("x"));
    assert.deepEqual(shown[0]?.[0].data, { "text/plain": "image/png, 3 bytes", "image/png": "AQID" });
    assert.equal(shown[1]?.[0].data["application/pdf"], "eA==");
  });

  it("replaces what a display of its own has shown", () => {
    const { shown } = recordingHost();
    const [first, second] = [newDisplay(), newDisplay()];
    first.text("1");
    second.text("2");
    first.html("3");
    const options = shown.map(([, option]) => option);
    assert.deepEqual(
      options.map((option) => option?.update),
      [false, false, true],
    );
    assert.equal(options[0]?.displayId, options[2]?.displayId);
    assert.notEqual(options[0]?.displayId, options[1]?.displayId);
  });
});
