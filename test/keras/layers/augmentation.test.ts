import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { layers } from "../../../src/keras/layers.ts";
import { tf } from "../../../src/tensorflow/tf.ts";
import { needPython } from "../../support/needs.ts";

const script = join(import.meta.dirname, "../../fixtures/keras/augment.py");
const shape: [number, number, number] = [7, 6, 2];
const image = Array.from({ length: 7 * 6 * 2 }, (_, index) => (index * 37) % 101);

function train(layer: tf.layers.Layer, batch: tf.Tensor): number[][] {
  return tf.tidy(() => {
    const out = layer.apply(batch, { training: true }) as tf.Tensor;
    assert.deepEqual(out.shape, batch.shape);
    return out.unstack().map((picture) => Array.from(picture.dataSync()));
  });
}

type Case = [name: string, options: Record<string, unknown>, layer: () => tf.layers.Layer];

/** Both ends of each range are the same, so that nothing is left to chance. */
const cases: Case[] = [
  ...(["reflect", "wrap", "nearest", "constant"] as const).flatMap((fillMode): Case[] => {
    const fill = { fill_mode: fillMode, fill_value: 7 };
    const ours = { fillMode, fillValue: 7 };
    return [
      [
        "RandomTranslation",
        { height_factor: [0.3, 0.3], width_factor: [-0.2, -0.2], ...fill },
        () => layers.randomTranslation({ heightFactor: [0.3, 0.3], widthFactor: [-0.2, -0.2], ...ours }),
      ],
      [
        "RandomRotation",
        { factor: [0.1, 0.1], ...fill },
        () => layers.randomRotation({ factor: [0.1, 0.1], ...ours }),
      ],
    ];
  }),
  ["RandomRotation", { factor: [0.25, 0.25] }, () => layers.randomRotation({ factor: [0.25, 0.25] })],
  ["RandomZoom", { height_factor: [-0.4, -0.4] }, () => layers.randomZoom({ heightFactor: [-0.4, -0.4] })],
  [
    "RandomZoom",
    { height_factor: [0.3, 0.3], width_factor: [0.1, 0.1], interpolation: "nearest" },
    () => layers.randomZoom({ heightFactor: [0.3, 0.3], widthFactor: [0.1, 0.1], interpolation: "nearest" }),
  ],
  ["RandomBrightness", { factor: [0.2, 0.2] }, () => layers.randomBrightness({ factor: [0.2, 0.2] })],
];

describe("layers that change pictures while a model is trained", () => {
  it("compute what Keras' do", function () {
    const python = needPython.call(this);
    this.timeout(120_000);
    const request = { image, shape, layers: cases.map(([name, options]) => [name, options]) };
    const answer = JSON.parse(
      execFileSync(python, [script], {
        input: JSON.stringify(request),
        encoding: "utf8",
        stdio: ["pipe", "pipe", "ignore"],
      }),
    ) as number[][];
    const batch = tf.tensor4d(image, [1, ...shape]);
    cases.forEach(([name, options, make], index) => {
      const [found] = train(make(), batch);
      const furthest = Math.max(...found!.map((value, at) => Math.abs(value - answer[index]![at]!)));
      assert(furthest < 1e-2, `${name} ${JSON.stringify(options)}: ${furthest} apart`);
    });
    batch.dispose();
  });

  it("mirror some pictures of a batch and not others", () => {
    const batch = tf.tidy(() => tf.tensor4d(image, [1, ...shape]).tile([32, 1, 1, 1]));
    const mirrored = tf.tidy(() => Array.from(tf.tensor3d(image, shape).reverse(1).dataSync()));
    const found = train(layers.randomFlip({ mode: "horizontal" }), batch);
    const kinds = found.map((picture) =>
      String(picture) === String(image)
        ? "same"
        : String(picture) === String(mirrored)
          ? "mirrored"
          : "other",
    );
    assert.deepEqual([...new Set(kinds)].sort(), ["mirrored", "same"]);
    batch.dispose();
  });

  it("move values away from the mean of their channel, each picture by a factor of its own", () => {
    const batch = tf.tidy(() => tf.tensor4d(image, [1, ...shape]).tile([8, 1, 1, 1]));
    const found = train(layers.randomContrast({ factor: [0.5, 0] }), batch);
    const mean = tf.tidy(() => tf.tensor3d(image, shape).mean([0, 1]).arraySync() as number[]);
    const factors = found.map((picture) => (picture[0]! - mean[0]!) / (image[0]! - mean[0]!));
    assert(
      factors.every((factor) => factor > 0.49 && factor < 1.01),
      String(factors),
    );
    assert(new Set(factors).size > 4, String(factors));
    batch.dispose();
  });

  it("cut the same part out of all pictures of a batch, another one each time", () => {
    const batch = tf.tidy(() => tf.tensor4d(image, [1, ...shape]).tile([2, 1, 1, 1]));
    const before = tf.memory().numTensors;
    const layer = layers.randomCrop({ height: 3, width: 4 });
    const corners = Array.from({ length: 20 }, () => {
      const cropped = layer.apply(batch, { training: true }) as tf.Tensor;
      assert.deepEqual(cropped.shape, [2, 3, 4, 2]);
      const [one, other] = tf.tidy(() => cropped.unstack().map((picture) => Array.from(picture.dataSync())));
      cropped.dispose();
      assert.deepEqual(one, other);
      const corner = image.findIndex((value, at) => at % 2 === 0 && value === one![0]);
      const [top, left] = [Math.floor(corner / 12), (corner % 12) / 2];
      const part = tf.tidy(() => Array.from(tf.tensor3d(image, shape).slice([top, left], [3, 4]).dataSync()));
      assert.deepEqual(one, part);
      return corner;
    });
    assert(new Set(corners).size > 3, String(corners));
    assert.equal(tf.memory().numTensors, before);
    batch.dispose();
  });

  it("enlarge what is too small to be cut", () => {
    const layer = layers.randomCrop({ height: 9, width: 9 });
    const batch = tf.tensor4d(image, [1, ...shape]);
    const found = layer.apply(batch, { training: true }) as tf.Tensor;
    assert.deepEqual(found.shape, [1, 9, 9, 2]);
    tf.dispose([batch, found]);
  });

  it("leave pictures alone when the model only predicts, and free what they make", () => {
    const batch = tf.tensor4d(image, [1, ...shape]);
    const before = tf.memory().numTensors;
    for (const [, , make] of cases) {
      const layer = make();
      const out = layer.apply(batch) as tf.Tensor;
      assert.deepEqual(Array.from(out.dataSync()), image);
      out.dispose();
      train(layer, batch);
    }
    assert.equal(tf.memory().numTensors, before);
    batch.dispose();
  });
});

describe("normalization", () => {
  it("takes mean and variance of each channel from data", () => {
    const before = tf.memory().numTensors;
    const layer = layers.normalization({ inputShape: [2] });
    const model = tf.sequential({ layers: [layer] });
    tf.tidy(() => {
      const data = tf.tensor2d([
        [1, 10],
        [3, 30],
      ]);
      layer.adapt(data);
      assert.deepEqual((model.predict(data) as tf.Tensor).arraySync(), [
        [-1, -1],
        [1, 1],
      ]);
    });
    model.dispose();
    assert.equal(tf.memory().numTensors, before);
  });

  it("refuses to look at data when it was given numbers", () => {
    const layer = layers.normalization({ mean: 1, variance: 2 });
    const data = tf.zeros([2, 2]);
    assert.throws(() => layer.adapt(data), /^InputError: adapt: expected a layer that looks at data/);
    data.dispose();
  });
});
