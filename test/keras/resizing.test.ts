import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createCanvas } from "canvas";
import sharp from "sharp";
import { imageToTensor } from "../../src/keras/imageToTensor.ts";
import { loadImage } from "../../src/keras/loadImage.ts";
import type { ColorMode } from "../../src/keras/pictures/decodePicture.ts";
import type { Interpolation } from "../../src/keras/pictures/resizePicture.ts";
import { tf } from "../../src/tensorflow/tf.ts";

type Size = [number, number];

const fixtures = join(import.meta.dirname, "../fixtures/keras");
// Read by Keras: test/fixtures/keras/makeResizes.py.
const expected = JSON.parse(readFileSync(join(fixtures, "resizes.json"), "utf8")) as {
  small: [string, ColorMode, Size, Interpolation, number[]][];
  large: [Size, Interpolation, boolean, string][];
  jpeg: [ColorMode, Size | null, Interpolation, number[]][];
};

async function valuesOf(...question: Parameters<typeof loadImage>): Promise<number[]> {
  const image = await loadImage(...question);
  const values = Array.from(await image.data());
  image.dispose();
  return values;
}

describe("loadImage with another size", () => {
  for (const [name, colorMode, targetSize, interpolation, values] of expected.small) {
    it(`gives Keras' values: ${name}, ${colorMode}, ${targetSize.join("x")}, ${interpolation}`, async () => {
      const path = join(fixtures, "pictures", name);
      assert.deepEqual(await valuesOf(path, { colorMode, targetSize, interpolation }), values);
    });
  }

  describe("gives Keras' bytes for a larger picture", () => {
    let picture: Buffer;
    before(async () => {
      const pixels = new Uint8Array(157 * 211 * 3);
      for (let y = 0, i = 0; y < 157; y++) {
        for (let x = 0; x < 211; x++)
          for (let c = 0; c < 3; c++) pixels[i++] = (x * 7 + y * 13 + c * 29 + x * y) % 256;
      }
      picture = await sharp(pixels, { raw: { width: 211, height: 157, channels: 3 } })
        .png()
        .toBuffer();
    });

    for (const [targetSize, interpolation, keepAspectRatio, digest] of expected.large) {
      it(`${targetSize.join("x")}, ${interpolation}${keepAspectRatio ? ", proportions kept" : ""}`, async () => {
        const values = await valuesOf(picture, { targetSize, interpolation, keepAspectRatio });
        assert.equal(createHash("md5").update(Uint8Array.from(values)).digest("hex"), digest);
      });
    }
  });

  for (const [colorMode, targetSize, interpolation, values] of expected.jpeg) {
    it(`gives the same for a JPEG, or is within two levels where TensorFlow is not there: ${colorMode}, ${targetSize?.join("x") ?? "as it is"}`, async () => {
      const path = pathToFileURL(join(fixtures, "pictures/photo.jpg"));
      const found = await valuesOf(path, { colorMode, targetSize, interpolation });
      assert.equal(found.length, values.length);
      const largest = Math.max(...found.map((value, index) => Math.abs(value - values[index]!)));
      assert(largest <= (tf.getBackend() === "tensorflow" ? 0 : 2), `${largest} levels`);
    });
  }

  it("names the bytes that are no picture", () =>
    assert.rejects(loadImage(Buffer.from("no picture")), { name: "InputError", message: /found 10 bytes/ }));
});

describe("imageToTensor", () => {
  it("takes a canvas, in colour or grey", async () => {
    const canvas = createCanvas(3, 2);
    const context = canvas.getContext("2d");
    context.fillStyle = "rgb(10, 200, 30)";
    context.fillRect(0, 0, 3, 2);
    const before = tf.memory().numTensors;
    const colour = imageToTensor(canvas);
    assert.deepEqual(colour.shape, [2, 3, 3]);
    assert.deepEqual(Array.from(await colour.data()).slice(0, 3), [10, 200, 30]);
    const grey = imageToTensor(context.getImageData(0, 0, 3, 2), { colorMode: "grayscale" });
    assert.deepEqual(grey.shape, [2, 3, 1]);
    assert.equal((await grey.data())[0], 124);
    tf.dispose([colour, grey]);
    assert.equal(tf.memory().numTensors, before);
  });

  it("makes float32 of a tensor and leaves it as it is", () => {
    const whole = tf.zeros<tf.Rank.R3>([2, 2, 3], "int32");
    const image = imageToTensor(whole);
    assert.equal(image.dtype, "float32");
    assert.equal(whole.dtype, "int32");
    tf.dispose([whole, image]);
  });

  it("refuses what has no pixels", () => {
    const message = /imageToTensor: expected a canvas or its ImageData, found 3 numbers for 1x1 pixels/;
    const pixels = { data: new Uint8Array(3), width: 1, height: 1 };
    assert.throws(() => imageToTensor(pixels), { name: "InputError", message });
    assert.throws(() => imageToTensor({} as never), { name: "InputError" });
    assert.throws(
      () => imageToTensor({ ...pixels, data: new Uint8Array(4) }, { colorMode: "bgr" as never }),
      {
        name: "InputError",
        message: /colorMode/,
      },
    );
  });
});
