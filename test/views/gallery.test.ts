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

  it("recognises numbers from 0 to 1, 0 to 255 and −1 to 1, and spreads others", () => {
    const rangeOf = (...values: number[]) => gallery(tf.tensor(values, [1, 1, values.length, 1])).data.range;
    assert.deepEqual(rangeOf(0.2, 0.9), [0, 1]);
    assert.deepEqual(rangeOf(3, 90), [0, 255]);
    assert.deepEqual(rangeOf(-1, 0.5), [-1, 1]);
    assert.deepEqual(rangeOf(-3, 0.5), [-3, 0.5]);
  });

  it("takes arrays of tensors of several sizes", () => {
    assert.equal(gallery([tf.zeros([4, 4, 3]), tf.zeros([2, 5, 5, 1]), tf.zeros([6, 6])]).data.count, 4);
  });

  it("shows files, the large ones smaller", async () => {
    const view = gallery([join(directory, "red.png")], { labels: ["red"] });
    const { width, at } = await pixelsOf(await view.png());
    assert.equal(width, 2 * (128 + 2 * 14));
    assert.deepEqual(at(width / 2, 2 * (14 + 32)), [255, 0, 0]);
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
      "Test: 3 pictures; a (1), b (2); 2 predicted right, 1 wrong; numbers from 0 to 1\npicture 3: b, taken for a",
    );
  });

  it("sets wrong predictions apart without colour: by a thicker frame", async () => {
    const draw = async (prediction: string) => {
      const view = gallery(tf.zeros([1, 8, 8, 1]), { labels: ["a"], predictions: [prediction] });
      const picture = await pixelsOf(await view.png());
      // From the left edge of the page to the black picture.
      return Array.from({ length: 28 }, (_, x) => picture.at(x, 110)).filter(
        (color) => Math.min(...color) < 250,
      ).length;
    };
    assert.equal(await draw("a"), 2);
    assert.equal(await draw("b"), 6);
  });

  it("takes the probabilities from scores", () => {
    const view = gallery(tf.zeros([2, 4, 4, 1]), {
      labels: tf.tensor1d([1, 0], "int32"),
      predictions: tf.tensor2d([
        [0.1, 0.9],
        [0.25, 0.75],
      ]),
      classNames: ["cat", "dog"],
    });
    assert.deepEqual(view.data.predictions, ["dog", "dog"]);
    assert.equal(view.text.split("\n")[1], "picture 2: cat, taken for dog (75%)");
  });

  it("draws a sample of 10,000 pictures, and says how", () => {
    const images = tf.zeros([10_000, 1, 1, 1]);
    const view = gallery(images);
    assert.match(
      view.text,
      /^Gallery: 10000 pictures;.* 200 of 10,000 pictures, drawn at random with seed 1$/,
    );
    assert.equal(new Set(view.data.shown).size, 200);
    assert.deepEqual(gallery(images).data.shown, view.data.shown);
    assert.notDeepEqual(gallery(images, { seed: 2 }).data.shown, view.data.shown);
    assert.equal(gallery(images, { sample: 30 }).data.shown!.length, 30);
  });

  it("leafs through pages", async () => {
    const images = tf.range(0, 250).reshape([250, 1, 1, 1]);
    const view = gallery(images, { page: 2, perPage: 240, perRow: 5 });
    assert.deepEqual(view.data.shown, [240, 241, 242, 243, 244, 245, 246, 247, 248, 249]);
    assert.match(view.text, /page 2 of 2: pictures 241 to 250 of 250/);
    const { at } = await pixelsOf(await view.png());
    assert.deepEqual(at(2 * (14 + 32), 2 * (14 + 20 + 32)), [240, 240, 240]);
  });

  it("undoes what networks want done to pictures, and says so", async () => {
    const preprocess = {
      caffe: [-103.939, 0 - 116.779, 255 - 123.68],
      tf: [1, -1, -1],
      torch: [2.2489, -2.0357, -1.8044],
    };
    for (const mode of ["caffe", "tf", "torch"] as const) {
      const view = gallery(tf.tensor(preprocess[mode], [1, 1, 1, 3]), { preprocessing: mode });
      const { at } = await pixelsOf(await view.png());
      assert.deepEqual(at(2 * 60, 2 * (14 + 20 + 32)), [255, 0, 0], mode);
      assert.match(view.text, /undone for looking at them: /);
    }
  });

  it("has an alternative text", async () => {
    const { data, metadata } = await gallery(tf.zeros([2, 4, 4, 1])).bundle();
    assert.equal(metadata.alt, "Gallery: 2 pictures; numbers from 0 to 1");
    assert.equal(data["text/plain"], metadata.alt);
  });

  it("shows the mean of channels that are no colours, and says so", async () => {
    const view = gallery(tf.tensor4d([0, 1, 0.2, 0.4, 0.4], [1, 1, 1, 5]));
    assert.match(view.text, /; shown in grey: the mean of 5 channels$/);
    const { at, width, height } = await pixelsOf(await view.png());
    const row = Array.from({ length: width }, (_, x) => String(at(x, height >> 1)));
    assert.ok(row.includes("102,102,102"), "0.4 of 255");
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
    says(() => gallery(tf.zeros([9, 5, 5])), /1, 3 or 4 channels, found \[9, 5, 5\]; .*expandDims\(-1\)/);
    says(() => gallery(tf.zeros([1, 2, 4, 4, 2])), /\[n, height, width, channels\], found \[1, 2, 4, 4, 2\]/);
    says(() => gallery(tf.zeros([2, 4, 4, 1]), { labels: ["a"] }), /expected labels for 2 pictures, found 1/);
    says(() => gallery(tf.zeros([0, 2, 2, 1])), /found 0 pictures/);
    says(() => gallery(tf.zeros([9, 2, 2, 1]), { page: 2 }), /page: a whole number from 1 to 1, found 2/);
    says(() => gallery(tf.zeros([9, 2, 2, 1]), { perRow: 0 }), /perRow: a whole number, 1 or more/);
    says(() => gallery(tf.zeros([1, 2, 2, 1]), { preprocessing: "bgr" as never }), /one of caffe, tf, torch/);
    says(
      () => gallery(tf.zeros([1, 2, 2, 1]), { probabilities: [1, 1] }),
      /probabilities for 1 pictures, found 2/,
    );
    await assert.rejects(gallery([join(directory, "broken.png")]).png(), InputError);
  });
});
