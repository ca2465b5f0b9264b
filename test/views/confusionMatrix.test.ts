import assert from "node:assert/strict";
import sharp from "sharp";
import { tf } from "../../src/tensorflow/tf.ts";
import { confusionMatrix } from "../../src/views/confusionMatrix.ts";
import { says, verdicts } from "../inspect/verdicts.ts";

/** A model that says what it is told: its input is its output. */
function echo(classes: number) {
  return tf.sequential({ layers: [tf.layers.activation({ inputShape: [classes], activation: "linear" })] });
}

describe("confusionMatrix", () => {
  const classNames = ["cat", "dog", "fox"];

  it("takes indices, names, tensors of indices, one-hot rows and scores", () => {
    const expected = [
      [1, 0, 0],
      [0, 1, 1],
      [0, 0, 1],
    ];
    const scores = tf.tensor2d([
      [0.8, 0.1, 0.1],
      [0.2, 0.7, 0.1],
      [0.1, 0.3, 0.6],
      [0, 0, 1],
    ]);
    for (const [truth, said] of [
      [
        [0, 1, 1, 2],
        [0, 1, 2, 2],
      ],
      [
        ["cat", "dog", "dog", "fox"],
        ["cat", "dog", "fox", "fox"],
      ],
      [tf.tensor1d([0, 1, 1, 2], "int32"), scores],
      [tf.oneHot([0, 1, 1, 2], 3), Int32Array.of(0, 1, 2, 2)],
    ] as const) {
      assert.deepEqual(confusionMatrix(truth, said, { classNames }).data.counts, expected);
    }
    assert.deepEqual(confusionMatrix(["b", "a"], ["a", "a"]).data.classNames, ["a", "b"]);
  });

  it("asks a model about pictures, and one number is the second of two classes", () => {
    const { data } = confusionMatrix(echo(3), {
      x: tf.tensor2d(verdicts.scores.map((row) => row.slice(0, 3))),
      y: verdicts.truth,
    });
    assert.equal(data.count, verdicts.truth.length);
    const binary = confusionMatrix(echo(1), { x: tf.tensor2d([[0.1], [0.9], [0.6]]), y: [0, 1, 0] });
    assert.deepEqual(binary.data.counts, [
      [1, 1],
      [0, 1],
    ]);
  });

  it("goes through batches, with the names of their classes", async () => {
    async function* epoch() {
      await Promise.resolve();
      yield { xs: tf.tensor2d([[1, 0]]), ys: tf.tensor2d([[1, 0]]) };
      yield { xs: tf.tensor2d([[1, 0]]), ys: tf.tensor2d([[0, 1]]) };
    }
    const before = tf.memory().numTensors;
    const model = echo(2);
    const batches = Object.assign(epoch(), { classIndices: { circle: 0, square: 1 } });
    const { data } = await confusionMatrix(model, batches);
    assert.deepEqual(data.counts, [
      [1, 0],
      [1, 0],
    ]);
    assert.deepEqual(data.classNames, ["circle", "square"]);
    assert.equal(tf.memory().numTensors, before);
  });

  it("says in words what is taken for what", () => {
    const { text } = confusionMatrix([0, 1, 1, 2], [0, 2, 2, 2], {
      classNames,
      normalize: true,
      title: "Pets",
    });
    assert.equal(
      text,
      [
        "Pets: 4 pictures of 3 classes, 50% right",
        "most mistakes dog → fox (2)",
        "true \\ predicted  cat   dog  fox",
        "cat               100%  0%   0%",
        "dog               0%    0%   100%",
        "fox               0%    0%   100%",
      ].join("\n"),
    );
  });

  it("comes as Vega-Lite 5, as PNG and as text", async () => {
    const view = confusionMatrix(verdicts.truth, verdicts.predicted);
    const { data, metadata } = await view.bundle();
    assert.deepEqual(Object.keys(data).sort(), [
      "application/vnd.vegalite.v5+json",
      "image/png",
      "text/plain",
    ]);
    assert.match(metadata.alt as string, /120 pictures of 4 classes, 68% right; most mistakes/);
    assert.match(await view.svg!(), />36</);
  });

  it("stays legible and small with 100 classes", async () => {
    const truth = Array.from({ length: 1000 }, (_, i) => i % 100);
    const classNames = Array.from({ length: 100 }, (_, i) => `class ${i}`);
    const view = confusionMatrix(truth, truth, { classNames });
    const { width = 0, height = 0 } = await sharp(await view.png()).metadata();
    assert.ok(width < 2000 && height < 2000, `${width}x${height}`);
    assert.doesNotMatch(await view.svg!(), />10</, "no numbers in cells");
    assert.ok(view.text.length < 300);
  });

  it("takes the 1,000 classes of ImageNet, and says of the empty cells nothing", async () => {
    const truth = Array.from({ length: 3000 }, (_, i) => i % 1000);
    const view = confusionMatrix(truth, truth.with(0, 999));
    assert.match(view.text, /3,000 pictures of 1000 classes, 99\.9% right\nmost mistakes 0 → 999 \(1\)/);
    const { data } = await view.bundle();
    assert.ok(JSON.stringify(data).length < 2_000_000);
    const { width = 0, height = 0 } = await sharp(await view.png()).metadata();
    assert.ok(width < 2800 && height < 2800, `${width}x${height}`);
  });

  it("leaves no tensor, also when it fails", () => {
    const [x, y] = [tf.tensor2d([[0.1, 0.9]]), tf.tensor1d([1], "int32")];
    const model = echo(2);
    const before = tf.memory().numTensors;
    confusionMatrix(model, { x, y });
    says(() => confusionMatrix(model, { x, y: [1, 1] }), /labels for 1 predictions, found 2/);
    assert.equal(tf.memory().numTensors, before);
  });

  it("says in one line what it cannot take", () => {
    says(
      () => confusionMatrix([0, 1], [0]),
      /expected labels for 1 predictions, found 2; one for each picture/,
    );
    says(() => confusionMatrix([], []), /yPred: at least one, found none/);
    says(() => confusionMatrix([0, -1], [0, 1]), /yTrue: indices of classes, 0 and above, found -1 at 1/);
    says(() => confusionMatrix(["a", "z"], [0, 1], { classNames: ["a", "b"] }), /found "z"; classes: a, b/);
    says(
      () => confusionMatrix([0, 5], [0, 1], { classNames: ["a", "b"] }),
      /yTrue: classes of 2 names, found class 5/,
    );
    says(
      () => confusionMatrix(echo(2), null as never),
      /data: \{ x, y \}, or batches \{ xs, ys \}, found null/,
    );
    says(
      () => confusionMatrix(echo(2), { x: tf.tensor2d([[0, 1]]), y: [7] }),
      /the model's classes, 0 to 1, found 7/,
    );
    says(() => confusionMatrix([0], [0], { normalize: "rows" as never }), /normalize: true, false/);
  });
});
