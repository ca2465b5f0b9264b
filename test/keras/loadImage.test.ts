import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InputError } from "../../src/errors.ts";
import { loadImage } from "../../src/keras/loadImage.ts";
import type { ColorMode } from "../../src/keras/pictures/decodePicture.ts";
import { tf } from "../../src/tensorflow/tf.ts";

const fixtures = join(import.meta.dirname, "../fixtures/keras");

interface Case {
  name: string;
  colorMode: ColorMode;
  targetSize: [number, number] | null;
  shape: number[];
  values: number[];
}

describe("loadImage", () => {
  // Read by Keras: test/fixtures/keras/makePictures.py.
  const cases = JSON.parse(readFileSync(join(fixtures, "pictures.json"), "utf8")) as Case[];

  for (const { name, colorMode, targetSize, shape, values } of cases) {
    it(`gives Keras' values: ${name}, ${colorMode}, ${targetSize?.join("x") ?? "as it is"}`, async () => {
      const image = await loadImage(join(fixtures, "pictures", name), { colorMode, targetSize });
      assert.deepEqual(image.shape, shape);
      assert.equal(image.dtype, "float32");
      assert.deepEqual(Array.from(await image.data()), values);
      image.dispose();
    });
  }

  it("makes one tensor and no other", async () => {
    const before = tf.memory().numTensors;
    const image = await loadImage(join(fixtures, "pictures/rgb.png"), { targetSize: [3, 3] });
    assert.equal(tf.memory().numTensors, before + 1);
    image.dispose();
  });

  describe("says in one line", () => {
    let directory: string;
    before(() => (directory = mkdtempSync(join(tmpdir(), "pictures-"))));
    after(() => rmSync(directory, { recursive: true }));

    const refuses = (path: string, message: RegExp, options = {}) =>
      assert.rejects(loadImage(path, options), (error) => {
        assert(error instanceof InputError);
        assert.match(error.message, message);
        assert(!error.message.includes("\n"));
        return true;
      });

    it("that there is no such file", () =>
      refuses("nowhere.png", /^loadImage: .* no such file: nowhere\.png/));
    it("that it is a directory", () => refuses(directory, /found a directory/));
    it("that it is no picture", async () => {
      writeFileSync(join(directory, "text.png"), "not a picture");
      await refuses(join(directory, "text.png"), /expected a whole PNG.*text\.png/);
    });
    it("that it is empty", async () => {
      writeFileSync(join(directory, "empty.png"), "");
      await refuses(join(directory, "empty.png"), /empty file/);
    });
    it("that it is cut short", async () => {
      const whole = readFileSync(join(fixtures, "pictures/rgb.png"));
      writeFileSync(join(directory, "short.png"), whole.subarray(0, whole.length - 60));
      await refuses(join(directory, "short.png"), /short\.png/);
    });
    it("what is wrong with an option", async () => {
      const path = join(fixtures, "pictures/rgb.png");
      await refuses(path, /targetSize \[height, width\] in pixels, found \[28\]/, { targetSize: [28] });
      await refuses(path, /colorMode .* found "bgr"/, { colorMode: "bgr" });
      await refuses(path, /interpolation "nearest", .* found "linear"/, { interpolation: "linear" });
    });
  });
});
