import assert from "node:assert/strict";
import { InputError, type BadInput } from "../../../src/errors.ts";
import { noteTruncated, noteUnscaled, rememberScale, scaleOf } from "../../../src/keras/advice/inputScale.ts";
import "../../../src/keras/fit.ts";
import { adviseLayer } from "../../../src/keras/advice/layerShapes.ts";
import { explainNaN } from "../../../src/keras/advice/nanLoss.ts";
import { adviseTargetShape, adviseTargetValues } from "../../../src/keras/advice/targets.ts";
import { tf } from "../../../src/tensorflow/tf.ts";

const line = (advice: BadInput | undefined) => advice && new InputError(advice).message;

/** The values of a promise that is made with tensors, which are freed after it. */
async function withTensors<T>(tensors: tf.Tensor[], ask: () => Promise<T>): Promise<T> {
  const before = tf.memory().numTensors;
  const answer = await ask();
  assert.equal(tf.memory().numTensors, before);
  tf.dispose(tensors);
  return answer;
}

describe("a model that is built says", () => {
  const stack = (...layers: tf.layers.Layer[]) => tf.sequential({ layers });

  it("which layer's window is larger than the map", () => {
    const first = tf.layers.conv2d({ filters: 2, kernelSize: 3, inputShape: [6, 6, 1] });
    const message =
      'second: expected maps of at least 5x5 for kernelSize 5x5 with padding "valid", found maps of 4x4, ' +
      '[batch, 4, 4, 2]; use padding: "same", a smaller kernelSize, or fewer convolutions and poolings before it';
    const second = tf.layers.conv2d({ filters: 2, kernelSize: 5, name: "second" });
    assert.throws(() => stack(first, second), { message });
    first.dispose();
  });

  it("that pictures have channels, and that convolutions come before dense layers", () => {
    const build = (...inputShape: number[]) =>
      stack(tf.layers.conv2d({ filters: 2, kernelSize: 3, inputShape, name: "c" }));
    assert.throws(() => build(28, 20), {
      message:
        "c: expected maps [batch, height, width, channels], found [batch, 28, 20]; give inputShape with the channels, " +
        "[28, 20, 1], or add tf.layers.reshape({ targetShape: [28, 20, 1] }) before it",
    });
    assert.throws(() => build(64), {
      message:
        "c: expected maps [batch, height, width, channels], found [batch, 64]; put it before flatten() and dense layers, " +
        "or add tf.layers.reshape({ targetShape: [height, width, channels] }) before it",
    });
  });

  it("knows poolings, dilation, one and three dimensions", () => {
    const pooling = tf.layers.maxPooling2d({ poolSize: 3, name: "pool" });
    assert.match(
      line(adviseLayer(pooling, [null, 2, 5, 4]))!,
      /^pool: .* 3x3 for poolSize 3x3 .* found maps of 2x5/,
    );
    const dilated = tf.layers.conv1d({ filters: 1, kernelSize: 3, dilationRate: 4 });
    assert.match(
      line(adviseLayer(dilated, [null, 8, 4]))!,
      /at least 9 for kernelSize 3 .* found maps of 8,/,
    );
    const solid = tf.layers.conv3d({ filters: 1, kernelSize: 2 });
    assert.match(line(adviseLayer(solid, [null, 1, 4, 4, 1]))!, /at least 2x2x2/);
  });

  it("that global poolings take maps too, and that a reshape keeps the number of values", () => {
    const global = tf.layers.globalMaxPooling2d({ name: "global" });
    assert.match(line(adviseLayer(global, [null, 16]))!, /^global: .* put it before flatten\(\) and dense/);
    const reshape = tf.layers.reshape({ targetShape: [28, 27, 1], name: "r" });
    assert.equal(
      line(adviseLayer(reshape, [null, 784])),
      "r: expected a targetShape of 784 values for [batch, 784], found [28, 27, 1] of 756",
    );
    for (const open of [[28, -1], [784], [28, 28]]) {
      const fits = tf.layers.reshape({ targetShape: open });
      assert.equal(adviseLayer(fits, [null, 784]), undefined);
      assert.equal(adviseLayer(fits, [null, null, 4]), undefined);
    }
  });

  it("finds nothing wrong with what fits", () => {
    const fits = stack(
      tf.layers.conv2d({ filters: 2, kernelSize: 3, inputShape: [null, 8, 1] }),
      tf.layers.conv2d({ filters: 2, kernelSize: 9, padding: "same" }),
      tf.layers.conv2dTranspose({ filters: 2, kernelSize: 9 }),
      tf.layers.globalAveragePooling2d({}),
      tf.layers.dense({ units: 2 }),
    );
    fits.dispose();
  });
});

describe("adviseTargetShape", () => {
  const newModel = (...layers: tf.layers.Layer[]) => tf.sequential({ layers });
  const ask = (model: tf.LayersModel, loss: string, shape: number[]) =>
    line(adviseTargetShape({ who: "fit", output: model.outputs[0]!, loss }, shape));

  it("says where a flatten is missing", () => {
    const model = newModel(
      tf.layers.conv2d({ filters: 8, kernelSize: 3, inputShape: [14, 14, 1], name: "conv" }),
      tf.layers.dropout({ rate: 0.5, name: "drop" }),
      tf.layers.dense({ units: 4, name: "first" }),
      tf.layers.dense({ units: 2, activation: "softmax", name: "last" }),
    );
    assert.equal(
      ask(model, "categoricalCrossentropy", [32, 2]),
      "first: expected vectors, [batch, features], found the maps of drop, [batch, 12, 12, 8]; " +
        "add tf.layers.flatten(), or a global pooling, before it",
    );
    assert.equal(ask(model, "categoricalCrossentropy", [32, 12, 12, 3]), undefined);
  });

  it("tells class numbers from one-hot targets", () => {
    const model = newModel(tf.layers.dense({ units: 10, activation: "softmax", inputShape: [4] }));
    for (const shape of [[32], [32, 1]]) {
      assert.match(
        ask(model, "categoricalCrossentropy", shape)!,
        /^fit: expected one-hot targets \[batch, 10\] for categoricalCrossentropy, found \[32.*numbers of classes; use loss: "sparseCategoricalCrossentropy", or tf\.oneHot\(labels, 10\)$/,
      );
    }
    assert.match(
      ask(model, "sparseCategoricalCrossentropy", [32, 10])!,
      /^fit: expected the numbers of classes \[batch\] .* look one-hot; use loss: "categoricalCrossentropy", or labels\.argMax\(-1\)$/,
    );
    assert.equal(ask(model, "categoricalCrossentropy", [32, 3]), undefined);
    assert.equal(ask(model, "meanSquaredError", [32, 1]), undefined);
  });
});

describe("adviseTargetValues", () => {
  const ask = async (loss: string, units: number, values: number[] | number[][]) => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units, inputShape: [2] })] });
    const target = tf.tensor(values);
    const advice = await withTensors([target], () =>
      adviseTargetValues({ who: "fit", output: model.outputs[0]!, loss }, target),
    );
    model.dispose();
    return line(advice);
  };

  it("finds classes that the model has no output for", async () => {
    assert.equal(
      await ask("sparseCategoricalCrossentropy", 3, [1, 2, 3]),
      "fit: expected class numbers from 0 to 2 for sparseCategoricalCrossentropy, found values from 1 to 3; count classes from 0",
    );
    assert.match(
      (await ask("sparseCategoricalCrossentropy", 3, [0, 7]))!,
      /from 0 to 7; give the last layer/,
    );
    assert.match((await ask("sparseCategoricalCrossentropy", 3, [0, 0.5]))!, /from 0 to 0\.5/);
    assert.equal(await ask("sparseCategoricalCrossentropy", 3, [0, 2]), undefined);
  });

  it("finds rows that are not one-hot, and lets soft ones be", async () => {
    assert.match(
      (await ask("categoricalCrossentropy", 2, [[1, 1]]))!,
      /sum of 1 .* found rows with another sum; make/,
    );
    assert.match((await ask("categorical_crossentropy", 2, [[3, 4]]))!, /found values from 3 to 4/);
    assert.equal(await ask("categoricalCrossentropy", 3, [[0.8, 0.1, 0.1]]), undefined);
  });

  it("finds answers that are neither yes nor no", async () => {
    assert.match(
      (await ask("binaryCrossentropy", 1, [[-1], [1]]))!,
      /from 0 to 1 .* from -1 to 1; use 0 for -1/,
    );
    assert.match((await ask("binaryCrossentropy", 1, [[0], [7]]))!, /use loss: "meanSquaredError"/);
    assert.equal(await ask("binaryCrossentropy", 1, [[0], [1]]), undefined);
    assert.equal(await ask("meanSquaredError", 1, [[0], [700]]), undefined);
  });
});

describe("notes on inputs", () => {
  const picture = (most: number) => tf.tidy(() => tf.linspace(0, most, 64).reshape([1, 8, 8, 1]));

  it("tell, once, of values up to 255 in a model trained on 0..1", async () => {
    const model = {};
    const [train, test] = [picture(1), picture(255)];
    await withTensors([train, test], async () => {
      assert.equal(noteUnscaled(model, test), undefined, "nothing is known yet");
      await rememberScale(model, train);
      assert.equal(noteUnscaled(model, train), undefined);
      assert.equal(
        noteUnscaled(model, test),
        "values up to 255 in a model trained on 0..1; divide by 255, as for the training",
      );
      assert.equal(noteUnscaled(model, test), undefined, "it was said");
    });
  });

  it("tell of values that were scaled once too often", async () => {
    const model = {};
    const [train, test] = [picture(255), picture(1)];
    await withTensors([train, test], async () => {
      await rememberScale(model, train);
      assert.match(noteUnscaled(model, test)!, /^values 0\.\.1 in a model trained on 0\.\.255; scale them/);
    });
  });

  it("say nothing of single numbers beyond those of the training", async () => {
    const model = {};
    const [train, test] = [tf.linspace(0, 1, 64).reshape([64, 1]), tf.tensor2d([[100]])];
    await withTensors([train, test], async () => {
      await rememberScale(model, train);
      assert.equal(noteUnscaled(model, test), undefined);
    });
  });

  it("tell of pictures whose whole numbers were divided in place", async () => {
    const bytes = Uint8Array.from({ length: 64 }, (_, index) => (index === 9 ? 255 : index * 3));
    const [wrong, right] = [
      bytes.map((value) => value / 255),
      Float32Array.from(bytes, (value) => value / 255),
    ];
    const pictureOf = (values: Uint8Array | Float32Array) => tf.tensor(Array.from(values), [1, 8, 8, 1]);
    const tensors = [pictureOf(wrong), pictureOf(right), pictureOf(bytes.map((value) => value % 2))] as const;
    await withTensors([...tensors], async () => {
      assert.match(
        (await noteTruncated(tensors[0]))!,
        /^the values of these pictures are 0, and few 1, .*toFloat\(\)/,
      );
      assert.equal(await noteTruncated(tensors[1]), undefined);
      assert.equal(await noteTruncated(tensors[2]), undefined, "a drawing of black and white");
    });
  });
});

describe("explainNaN", () => {
  const ask = async (x: number[], y: number[], optimizer: tf.Optimizer, loss = NaN) => {
    const [inputs, targets] = [tf.tensor1d(x), tf.tensor1d(y)];
    const text = await withTensors([inputs, targets], async () => {
      const scales = { inputs: [await scaleOf(inputs)], targets: [await scaleOf(targets)] };
      return explainNaN({ loss, epoch: 0, batch: 11, optimizer, ...scales });
    });
    optimizer.dispose();
    return text;
  };

  it("names the first cause that it finds", async () => {
    assert.match(
      await ask([NaN, 1], [0, 1], tf.train.sgd(1)),
      /^loss is NaN in epoch 1, batch 12: the inputs have/,
    );
    assert.match(
      await ask([0, 1], [0, Infinity], tf.train.sgd(1), Infinity),
      /^loss is infinite .*: the targets have/,
    );
    assert.match(await ask([0, 255], [0, 1], tf.train.sgd(1)), /values up to 255; scale them to 0\.\.1/);
    assert.match(await ask([0, 1], [0, 1], tf.train.sgd(10)), /a learning rate of 10 is high; try 1$/);
    assert.match(
      await ask([0, 1], [0, 1], tf.train.adam(0.001)),
      /try a learning rate of 0\.0001, or clipnorm: 1/,
    );
  });
});
