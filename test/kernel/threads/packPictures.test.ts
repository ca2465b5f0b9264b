import assert from "node:assert/strict";
import fc from "fast-check";

import { packPictures } from "../../../src/kernel/threads/packPictures.ts";

describe("packPictures", () => {
  const pack = (text: string): unknown =>
    packPictures({ data: { "image/png": text }, metadata: {} }).bundle.data["image/png"];

  it("makes bytes of long base64, to be handed over", () => {
    for (const length of [30_000, 30_001, 30_002]) {
      const text = Buffer.alloc(length, "picture").toString("base64");
      const { bundle, transfer } = packPictures({
        data: { "image/png": text, "text/plain": text },
        metadata: {},
      });
      assert.equal(Buffer.from(bundle.data["image/png"] as Uint8Array).toString(), text);
      assert.equal(bundle.data["text/plain"], text);
      assert.deepEqual(transfer, [(bundle.data["image/png"] as Uint8Array).buffer]);
      // A receiver gets no more than the text.
      assert.equal(transfer[0]!.byteLength, text.length);
    }
  });

  it("leaves all other text as it is", () => {
    const long = "QUJD".repeat(10_000);
    fc.assert(
      fc.property(
        fc.nat(long.length - 1),
        fc.constantFrom(" ", "\n", '"', "\\", "é", "\u0000", "\ud800", "="),
        (at, other) => {
          const text = long.slice(0, at) + other + long.slice(at + 1);
          // At the very end a sign of equality is padding.
          if (other === "=" && at >= long.length - 2) return;
          assert.equal(pack(text), text);
        },
      ),
    );
    assert.equal(pack(long.slice(1)), long.slice(1));
    assert.equal(pack("QUJD"), "QUJD");
  });
});
