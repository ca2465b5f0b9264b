import assert from "node:assert/strict";
import { createCanvas, loadImage, type Canvas } from "canvas";
import sharp from "sharp";

import { dataOf } from "../support.ts";

const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2);

function redCanvas(): Canvas {
  const canvas = createCanvas(3, 2);
  const context = canvas.getContext("2d");
  context.fillStyle = "red";
  context.fillRect(0, 0, 3, 2);
  return canvas;
}

async function assertRed(base64: unknown): Promise<void> {
  const picture = await loadImage(Buffer.from(String(base64), "base64"));
  assert.deepEqual([picture.width, picture.height], [3, 2]);
  const context = createCanvas(3, 2).getContext("2d");
  context.drawImage(picture, 0, 0);
  assert.deepEqual([...context.getImageData(1, 1, 1, 1).data], [255, 0, 0, 255]);
}

describe("pictures", () => {
  it("are known by their first bytes, also in a part of a buffer", async () => {
    const part = Uint8Array.from([0, ...png, 0]).subarray(1, 11);
    assert.deepEqual(await dataOf(part), {
      "image/png": Buffer.from(png).toString("base64"),
      "text/plain": "image/png, 10 bytes",
    });
    assert.deepEqual(Object.keys(await dataOf(Uint8Array.of(1, 2))), ["text/plain"]);
  });

  for (const format of ["png", "jpeg", "gif", "webp"] as const) {
    it(`are shown as ${format}`, async () => {
      const bytes = await sharp(redCanvas().toBuffer("image/png")).toFormat(format).toBuffer();
      const data = await dataOf(bytes);
      assert.equal(data[`image/${format}`], bytes.toString("base64"));
      assert.equal(data["text/plain"], `image/${format}, ${bytes.length} bytes`);
    });
  }

  it("are shown from an ArrayBuffer", async () => {
    assert.ok("image/png" in (await dataOf(png.slice().buffer)));
  });

  it("are SVG behind a declaration, comments and a document type, as text", async () => {
    const svg =
      '<?xml version="1.0"?>\n<!-- é -->\n<!DOCTYPE svg>\n<svg xmlns="http://www.w3.org/2000/svg"/>';
    assert.equal((await dataOf(Buffer.from(svg)))["image/svg+xml"], svg);
    assert.ok(!("image/svg+xml" in (await dataOf(Buffer.from("<html><svg></svg></html>")))));
  });

  it("are drawn on canvases", async () => {
    const data = await dataOf(redCanvas());
    await assertRed(data["image/png"]);
    assert.match(String(data["text/plain"]), /^Canvas\w* 3 × 2$/);
  });

  it("are drawn on canvases that give only a blob, as OffscreenCanvas does", async () => {
    const blob = new Blob([Uint8Array.from(redCanvas().toBuffer("image/png"))]);
    const canvas = {
      width: 3,
      height: 2,
      getContext: () => null,
      convertToBlob: () => Promise.resolve(blob),
    };
    await assertRed((await dataOf(canvas))["image/png"]);
  });

  it("are the pixels of ImageData", async () => {
    const data = await dataOf(redCanvas().getContext("2d").getImageData(0, 0, 3, 2));
    await assertRed(data["image/png"]);
    assert.equal(data["text/plain"], "ImageData 3 × 2");
  });

  it("are not what only has a width and a height", async () => {
    assert.deepEqual(await dataOf({ width: 3, height: 2 }), { "text/plain": "{ width: 3, height: 2 }" });
  });
});
