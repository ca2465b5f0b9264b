import assert from "node:assert/strict";
import { InputError } from "../../src/errors.ts";
import { tf } from "../../src/tensorflow/tf.ts";
import { ablate } from "../../src/views/ablate.ts";
import { activations } from "../../src/views/activations.ts";
import { confusionMatrix } from "../../src/views/confusionMatrix.ts";
import { deadFilters } from "../../src/views/deadFilters.ts";
import { deepDream } from "../../src/views/deepDream.ts";
import { embedding } from "../../src/views/embedding.ts";
import { filterAcross } from "../../src/views/filterAcross.ts";
import { filters } from "../../src/views/filters.ts";
import { maximizeActivation } from "../../src/views/maximizeActivation.ts";
import { misclassified } from "../../src/views/misclassified.ts";
import { nearest } from "../../src/views/nearest.ts";
import { predictions } from "../../src/views/predictions.ts";
import { receptiveField } from "../../src/views/receptiveField.ts";
import { saliency } from "../../src/views/saliency.ts";

const { layers } = tf;
const labels = [0, 1, 0, 1, 0, 1];

/** Networks that take something else than pictures, each with six samples. */
const others: Record<string, () => { model: tf.LayersModel; data: tf.Tensor }> = {
  "a network of sequences": () => ({
    model: tf.sequential({
      layers: [
        layers.conv1d({ inputShape: [12, 5], filters: 4, kernelSize: 3, activation: "relu", name: "first" }),
        layers.lstm({ units: 3 }),
        layers.dense({ units: 2, activation: "softmax" }),
      ],
    }),
    data: tf.randomUniform([6, 12, 5]),
  }),
  "a network of vectors": () => ({
    model: tf.sequential({
      layers: [
        layers.dense({ inputShape: [7], units: 4, activation: "relu", name: "first" }),
        layers.dense({ units: 2, activation: "softmax" }),
      ],
    }),
    data: tf.randomUniform([6, 7]),
  }),
  "a network of pictures of five bands": () => ({
    model: tf.sequential({
      layers: [
        layers.conv2d({ inputShape: [8, 6, 5], filters: 3, kernelSize: 3, name: "first" }),
        layers.flatten(),
        layers.dense({ units: 2, activation: "softmax" }),
      ],
    }),
    data: tf.randomUniform([6, 8, 6, 5]),
  }),
  "a network of volumes": () => ({
    model: tf.sequential({
      layers: [
        layers.conv3d({ inputShape: [3, 6, 6, 1], filters: 2, kernelSize: 2, name: "first" }),
        layers.flatten(),
        layers.dense({ units: 2, activation: "softmax" }),
      ],
    }),
    data: tf.randomUniform([6, 3, 6, 6, 1]),
  }),
};

/** A network of pictures whose first layer gives NaN. */
function broken(): tf.LayersModel {
  const model = tf.sequential({
    layers: [
      layers.conv2d({ inputShape: [8, 8, 1], filters: 2, kernelSize: 3, activation: "relu", name: "conv" }),
      layers.flatten(),
      layers.dense({ units: 2, activation: "softmax" }),
    ],
  });
  const [kernel, ...rest] = model.getWeights();
  model.setWeights([tf.fill(kernel!.shape, NaN), ...rest]);
  return model;
}

async function isSaid(work: () => unknown, message: RegExp): Promise<void> {
  await assert.rejects(
    () => Promise.resolve().then(work),
    (error: Error) => {
      assert.ok(error instanceof InputError, String(error.stack));
      assert.match(error.message, message);
      return !error.message.includes("\n");
    },
  );
}

describe("views of what is unusual", () => {
  afterEach(() => tf.disposeVariables());

  for (const [name, make] of Object.entries(others)) {
    it(`show ${name}`, async () => {
      const { model, data } = make();
      const views = [
        activations(model, data, { layers: ["first"] }),
        filterAcross(model, "first", 0, data),
        misclassified(model, data, labels),
        nearest(model, data, 0),
        await embedding(model, data),
      ];
      for (const view of views) await assert.doesNotReject(view.png());
      assert.match(views[1]!.text, /^first, channel 0: 6 pictures, /);
    });
  }

  it("say that the mean of five bands is shown", async () => {
    const { model, data } = others["a network of pictures of five bands"]!();
    const first = data.slice([0], [1]);
    const views = [
      filterAcross(model, "first", 0, data),
      predictions(model, data),
      await embedding(model, data),
      await saliency(model, first),
    ];
    for (const { text } of views) assert.match(text, /shown in grey: the mean of 5 channels/);
    await assert.doesNotReject(receptiveField(model, "first", { image: first }).png());
  });

  it("climb to the sequence that a channel likes most", async () => {
    const { model } = others["a network of sequences"]!();
    const { data } = await maximizeActivation(model, "first", 1, { steps: 8 });
    const [stage] = data.channels[0]!.stages.slice(-1);
    assert.deepEqual([stage!.height, stage!.width, stage!.channels], [12, 5, 1]);
  });

  it("take a model with several inputs, and batches for it", async () => {
    const inputs = [tf.input({ shape: [4] }), tf.input({ shape: [6, 6, 3] })];
    const flat = layers.flatten().apply(inputs[1]!) as tf.SymbolicTensor;
    const all = layers.concatenate({ name: "all" }).apply([inputs[0]!, flat]) as tf.SymbolicTensor;
    const last = layers.dense({ units: 2, activation: "softmax" });
    const model = tf.model({ inputs, outputs: last.apply(all) as tf.SymbolicTensor });
    const batch = (): tf.Tensor[] => [tf.randomUniform([6, 4]), tf.randomUniform([6, 6, 6, 3])];
    const across = filterAcross(model, "all", 5, batch());
    assert.equal(across.data.responses.length, 6);
    await assert.doesNotReject(across.png());
    const batches = () => [{ xs: batch(), ys: tf.oneHot(labels, 2) }];
    const before = tf.memory().numTensors;
    assert.equal((await confusionMatrix(model, batches())).data.count, 6);
    assert.equal((await ablate(model, "all", [0, 1], batches())).data.count, 6);
    assert.equal(tf.memory().numTensors, before);
  });

  it("look at the use of a shared layer that sees the input", () => {
    const shared = layers.conv2d({ filters: 1, kernelSize: 3, name: "shared" });
    const inputs = [
      tf.input({ shape: [8, 8, 1], name: "left" }),
      tf.input({ shape: [8, 8, 1], name: "right" }),
    ];
    const maps = inputs.map((input) => shared.apply(input) as tf.SymbolicTensor);
    const model = tf.model({ inputs, outputs: layers.add().apply(maps) as tf.SymbolicTensor });
    for (const input of ["left", "right"])
      assert.deepEqual(receptiveField(model, "shared", { input }).data.size, [3, 3]);
  });

  it("dream on pictures of more than one tile", async () => {
    const model = tf.sequential({
      layers: [
        layers.conv2d({ inputShape: [null, null, 3] as never, filters: 2, kernelSize: 3, name: "conv" }),
      ],
    });
    const options = { layers: ["conv"], steps: 1, octaves: 1, jitter: 0 };
    const { data } = await deepDream(model, tf.randomUniform([20, 1100, 3]), options);
    assert.deepEqual([data.dream.height, data.dream.width], [20, 1100]);
    assert.ok(data.after > data.before);
  });

  it("count what is not a number, and do not take it for silence", () => {
    const model = broken();
    const pictures = tf.randomUniform([6, 8, 8, 1]);
    assert.match(
      filterAcross(model, "conv", 0, pictures).text,
      /^conv, channel 0: 6 pictures, no finite number, 216 /,
    );
    const { data, text } = deadFilters(model, pictures);
    assert.deepEqual([data.dead, data.layers[0]!.broken], [0, [0, 1]]);
    assert.match(text, /2 of 2 filters of conv give NaN or infinite numbers/);
    assert.match(filters(model, "conv").text, /no weight is a finite number/);
  });

  it("say in one line what they cannot take", async () => {
    const model = broken();
    const pictures = tf.randomUniform([6, 8, 8, 1]);
    await isSaid(() => nearest(model, pictures, 0), /nearest: expected finite features, found NaN/);
    await isSaid(
      () => maximizeActivation(model, "conv", 0, { steps: 2 }),
      /gives finite numbers, found NaN in channel 0/,
    );
    await isSaid(
      () => deepDream(model, tf.ones([8, 8, 1]), { layers: ["conv"], steps: 1 }),
      /finite numbers: "conv", found NaN/,
    );
    const vectors = others["a network of vectors"]!();
    await isSaid(
      () => receptiveField(vectors.model, "first"),
      /an input with places: pictures or sequences, found ".*" with none/,
    );
    const maps = tf.sequential({
      layers: [layers.conv2d({ inputShape: [8, 8, 1], filters: 2, kernelSize: 3, name: "conv" })],
    });
    const y = tf.tensor1d(labels, "int32");
    await isSaid(
      () => ablate(maps, "conv", undefined, { x: pictures, y }),
      /an output with a row of scores, found \[6, 6, 2\]/,
    );
    await isSaid(
      () => ablate(model, "conv", undefined, { x: pictures, y: labels as never }),
      /y: a tensor of classes/,
    );
    await isSaid(() => ablate(model, "conv", undefined, null as never), /expected data \{ x, y \}/);
    const ofAnySize = tf.sequential({
      layers: [layers.conv2d({ inputShape: [null, null, 1] as never, filters: 2, kernelSize: 3 })],
    });
    await isSaid(
      () => activations(ofAnySize, [tf.zeros([9, 8, 1]), tf.zeros([8, 8, 1])]),
      /pictures of one size, found \[9, 8, 1\] and \[8, 8, 1\]; resize them/,
    );
    for (const look of [filters, receptiveField])
      await isSaid(
        () => look(tf.sequential(), "conv"),
        /knows its input shape, found ".*", which is not built/,
      );
  });
});
