import assert from "node:assert/strict";
import { fit } from "../../../src/keras/fit.ts";
import { isTimeToLook } from "../../../src/keras/advice/isTimeToLook.ts";
import { tf } from "../../../src/tensorflow/tf.ts";
import { captureOutput } from "../captureOutput.ts";

/** Runs `body`, and gives what it has written to stderr. */
async function stderrOf(body: () => unknown): Promise<string> {
  const output = captureOutput(process.stderr);
  await Promise.resolve(body()).catch((error: unknown) => {
    output.end();
    throw error;
  });
  return output.end();
}

describe("what is said of a training", () => {
  let before: number;
  let model: tf.Sequential;
  let y: tf.Tensor;
  const quiet = { verbose: 0, batchSize: 4, shuffle: false } as const;
  const pictures = (most: number) =>
    tf.tidy(() => tf.randomUniform([8, 4, 4, 1], 0, 1, "float32", 3).mul<tf.Tensor>(most));
  beforeEach(() => {
    before = tf.memory().numTensors;
    model = tf.sequential({
      layers: [
        tf.layers.flatten({ inputShape: [4, 4, 1] }),
        tf.layers.dense({ units: 3, activation: "softmax" }),
      ],
    });
    model.compile({ optimizer: "sgd", loss: "sparseCategoricalCrossentropy" });
    y = tf.tensor1d([0, 1, 2, 0, 1, 2, 0, 1]);
  });
  afterEach(() => {
    model.dispose();
    y.dispose();
    assert.equal(tf.memory().numTensors, before, "tensors left behind");
  });

  const predict = (x: tf.Tensor) => () => tf.dispose(model.predict(x));

  it("predictions from pictures that are not scaled as those of the training, once", async () => {
    const [x, unscaled] = [pictures(1), pictures(255)];
    assert.equal(await stderrOf(predict(unscaled)), "", "it was not trained yet");
    await model.fit(x, y, quiet);
    assert.equal(await stderrOf(predict(x)), "");
    // It is not looked at each of many predictions.
    const said = await stderrOf(() => [1, 2, 3, 4, 5].forEach(predict(unscaled)));
    assert.match(
      said,
      /^convoscope: predict: values up to 2\d\d in a model trained on 0\.\d+\.\.(0\.9\d*|1); divide by 255, as for the training\n$/,
    );
    assert.equal(await stderrOf(() => [1, 2, 3, 4, 5].forEach(predict(unscaled))), "");
    tf.dispose([x, unscaled]);
  });

  it("nothing of a model that nobody has trained here", async () => {
    const x = pictures(255);
    assert.equal(await stderrOf(() => [1, 2, 3].forEach(predict(x))), "");
    x.dispose();
  });

  it("class numbers that the model has no output for: they are refused", async () => {
    const [x, wrong] = [pictures(1), tf.tensor1d([1, 2, 3, 1, 2, 3, 1, 2])];
    const weights = () => model.getWeights().map((weight) => Array.from(weight.dataSync()));
    const first = weights();
    const message =
      /^InputError: model\.fit: expected class numbers from 0 to 2 .*, found values from 1 to 3; count classes from 0$/;
    await assert.rejects(model.fit(x, wrong, quiet), message);
    assert.deepEqual(weights(), first);
    tf.dispose([x, wrong]);
  });

  it("targets that are not one-hot: a note, because they may be meant", async () => {
    const [x, odd] = [pictures(1), tf.ones([8, 3])];
    model.compile({ optimizer: model.optimizer, loss: "categoricalCrossentropy" });
    const said = await stderrOf(() => fit(model, { x, y: odd }, quiet));
    assert.match(said, /^convoscope: fit: expected targets whose rows have a sum of 1 .*\n$/);
    model.optimizer.dispose();
    tf.dispose([x, odd]);
  });

  for (const [way, train] of Object.entries({
    fit: (x: tf.Tensor) => fit(model, { x, y }, { ...quiet, epochs: 3 }),
    "model.fit": (x: tf.Tensor) => model.fit(x, y, { ...quiet, epochs: 3 }),
  })) {
    it(`why the loss is no number, and since which batch, once (${way})`, async () => {
      const good = pictures(1);
      const x = tf.tidy(() => tf.concat([good.slice(0, 5), good.slice(5, 3).mul(NaN)]));
      assert.equal(
        await stderrOf(() => train(x)),
        "convoscope: loss is NaN in epoch 1, batch 2: the inputs have values that are no numbers; " +
          "look for them by tf.isFinite(x).all()\n",
      );
      tf.dispose([x, good]);
    });
  }

  it("why the loss of a generator's batches is no number", async () => {
    const line = tf.sequential({
      layers: [tf.layers.flatten({ inputShape: [4, 4, 1] }), tf.layers.dense({ units: 1 })],
    });
    line.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    (line.optimizer as tf.SGDOptimizer).setLearningRate(1e30);
    const batches = function* () {
      for (let i = 0; i < 4; i++) yield { xs: pictures(255), ys: tf.ones([8, 1]) };
    };
    assert.match(
      await stderrOf(() => fit(line, batches, { ...quiet, epochs: 2 })),
      /^convoscope: loss is infinite in epoch 1, batch 2: the inputs have values up to 2\d\d; scale them to 0\.\.1, .*\n$/,
    );
    line.dispose();
  });
});

describe("isTimeToLook", () => {
  it("looks ever more seldom, at each subject by itself", () => {
    const subjects = [{}, {}];
    for (const subject of subjects) {
      const looks = Array.from({ length: 20 }, () => isTimeToLook(subject));
      assert.deepEqual(
        looks.flatMap((look, index) => (look ? [index + 1] : [])),
        [1, 2, 4, 8, 16],
      );
    }
  });
});
