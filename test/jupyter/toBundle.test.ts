import assert from "node:assert/strict";

import { displaySymbol, metadataSymbol } from "../../src/jupyter/mimeBundle.ts";
import { toBundle } from "../../src/jupyter/toBundle.ts";

const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2);

describe("toBundle", () => {
  it("shows a value by its own method, awaited, with its metadata", async () => {
    const data = {
      "text/html": "<b>x</b>",
      "text/plain": "x",
      [metadataSymbol]: { "text/html": { isolated: true } },
    };
    const value = { [displaySymbol]: () => Promise.resolve(data) };
    assert.deepEqual(await toBundle(value), {
      data: { "text/html": "<b>x</b>", "text/plain": "x" },
      metadata: { "text/html": { isolated: true } },
    });
  });

  it("adds text to a bundle without it", async () => {
    class Chart {
      [displaySymbol](): Record<string, unknown> {
        return { "image/svg+xml": "<svg/>" };
      }
    }
    assert.deepEqual((await toBundle(new Chart())).data, {
      "image/svg+xml": "<svg/>",
      "text/plain": "[Chart]",
    });
  });

  it("lets an error of that method through", async () => {
    const value = {
      [displaySymbol]: () => {
        throw new Error("cannot draw");
      },
    };
    await assert.rejects(toBundle(value), /cannot draw/);
  });

  it("shows the bytes of pictures as pictures, also of a part of a buffer", async () => {
    const part = Uint8Array.from([0, ...png, 0]).subarray(1, 11);
    const { data } = await toBundle(part);
    assert.equal(data["image/png"], Buffer.from(png).toString("base64"));
    assert.equal(data["text/plain"], "image/png, 10 bytes");
    assert.ok("image/jpeg" in (await toBundle(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0))).data);
    assert.deepEqual(Object.keys((await toBundle(Uint8Array.of(1, 2))).data), ["text/plain"]);
  });

  it("cuts long text and says how long it was", async () => {
    const value = Array.from({ length: 100 }, () => "x".repeat(5000));
    const text = String((await toBundle(value)).data["text/plain"]);
    assert.ok(text.length < 110_000);
    assert.match(text, /… \(\d{3},\d{3} characters, cut here\)$/);
  });
});
