import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { InputError } from "../../src/errors.ts";
import { tf } from "../../src/tensorflow/tf.ts";
import { gallery } from "../../src/views/gallery.ts";

async function pixelsOf(png: Uint8Array) {
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  return {
    ...info,
    at: (x: number, y: number) => [...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3)],
  };
}

describe("gallery", () => {
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "gallery-"));
    const red = sharp({ create: { width: 400, height: 200, channels: 3, background: "#ff0000" } });
    await red.png().toFile(join(directory, "red.png"));
    await writeFile(join(directory, "broken.png"), "this is no picture");
  });
  after(() => rm(directory, { recursive: true }));

  it("shows the pixels of tensors, enlarged by a whole number", async () => {
    const images = tf.tensor([1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1], [1, 2, 2, 3]);
    const view = gallery(images);
    const picture = await pixelsOf(await view.png());
    const at = (x: number, y: number) => picture.at(2 * (14 + 32 * x + 16), 2 * (14 + 32 * y + 16));
    assert.deepEqual(
      [at(0, 0), at(1, 0), at(0, 1), at(1, 1)],
      [
        [255, 0, 0],
        [0, 255, 0],
        [0, 0, 255],
        [255, 255, 255],
      ],
    );
    assert.deepEqual(view.data, { count: 1, range: [0, 1] });
  });

  it("recognises numbers from 0 to 1 and from 0 to 255, and spreads others", () => {
    const rangeOf = (...values: number[]) => gallery(tf.tensor(values, [1, 1, values.length, 1])).data.range;
    assert.deepEqual(rangeOf(0.2, 0.9), [0, 1]);
    assert.deepEqual(rangeOf(3, 90), [0, 255]);
    assert.deepEqual(rangeOf(-1, 0.5), [-1, 0.5]);
  });

  it("takes arrays of tensors of several sizes", () => {
    assert.equal(gallery([tf.zeros([4, 4, 3]), tf.zeros([2, 5, 5, 1]), tf.zeros([6, 6])]).data.count, 4);
  });

  it("shows files, the large ones smaller", async () => {
    const view = gallery([join(directory, "red.png")], { labels: ["red"] });
    const { width, at } = await pixelsOf(await view.png());
    assert.equal(width, 2 * (128 + 2 * 14));
    assert.deepEqual(at(width / 2, 2 * (14 + 64)), [255, 0, 0]);
  });

  it("counts right and wrong predictions, and names the wrong ones", () => {
    const view = gallery(tf.zeros([3, 4, 4, 1]), {
      labels: ["a", "b", "b"],
      predictions: ["a", "b", "a"],
      title: "Test",
    });
    assert.equal(view.data.correct, 2);
    assert.equal(
      view.text,
      "Test: 3 pictures; 1 a, 2 b; 2 predicted right, 1 wrong; numbers from 0 to 1\npicture 3: b, taken for a",
    );
  });

  it("sets wrong predictions apart without colour: by a thicker frame", async () => {
    const draw = async (prediction: string) => {
      const view = gallery(tf.zeros([1, 8, 8, 1]), { labels: ["a"], predictions: [prediction] });
      const picture = await pixelsOf(await view.png());
      // From the left edge of the page to the black picture.
      return Array.from({ length: 28 }, (_, x) => picture.at(x, 60)).filter(
        (color) => Math.min(...color) < 250,
      ).length;
    };
    assert.equal(await draw("a"), 2);
    assert.equal(await draw("b"), 6);
  });

  it("has an alternative text", async () => {
    const { data, metadata } = await gallery(tf.zeros([2, 4, 4, 1])).bundle();
    assert.equal(metadata.alt, "Gallery: 2 pictures; numbers from 0 to 1");
    assert.equal(data["text/plain"], metadata.alt);
  });

  it("leaves tensors as it found them", async () => {
    const images = tf.zeros([2, 4, 4, 1]);
    const before = tf.memory().numTensors;
    await gallery(images).png();
    assert.equal(tf.memory().numTensors, before);
    assert.equal(images.isDisposed, false);
  });

  it("says in one line what it cannot take", async () => {
    const says = (work: () => unknown, message: RegExp) =>
      assert.throws(work, (error: Error) => error instanceof InputError && message.test(error.message));
    says(() => gallery([]), /found nothing/);
    says(() => gallery(["no/such.png"]), /no such file: no\/such.png/);
    says(() => gallery(tf.zeros([2, 4, 4, 2])), /with 1, 3 or 4 channels, found \[2, 4, 4, 2\]/);
    says(() => gallery(tf.zeros([2, 4, 4, 1]), { labels: ["a"] }), /expected labels for 2 pictures, found 1/);
    says(() => gallery(tf.zeros([1001, 1, 1, 1])), /1 to 1000 pictures, found 1001/);
    await assert.rejects(gallery([join(directory, "broken.png")]).png(), InputError);
  });
});
