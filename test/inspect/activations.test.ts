import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { InputError } from "../../src/errors.ts";
import { readOutputs } from "../../src/inspect/activations.ts";
import { layerOutputs, type LayerSelection } from "../../src/inspect/layerOutputs.ts";
import { openModel } from "../../src/inspect/modelGraph.ts";
import { toBatch, toSingle, type PictureInput, type Pictures } from "../../src/inspect/modelInputs.ts";
import { loadModel } from "../../src/keras/modelFiles.ts";
import { tf } from "../../src/tensorflow/tf.ts";

const { layers } = tf;

function sequential() {
  return tf.sequential({
    name: "net",
    layers: [
      layers.conv2d({ inputShape: [6, 8, 3], filters: 4, kernelSize: 3, activation: "relu", name: "conv" }),
      layers.maxPooling2d({ poolSize: 2, name: "pool" }),
      layers.dropout({ rate: 0.5, name: "drop" }),
      layers.flatten({ name: "flat" }),
      layers.dense({ units: 5, name: "dense" }),
    ],
  });
}

function twoInputs() {
  const inputs = [tf.input({ shape: [2], name: "left" }), tf.input({ shape: [2], name: "right" })];
  const outputs = layers.add({ name: "sum" }).apply(inputs) as tf.SymbolicTensor;
  return tf.model({ inputs, outputs, name: "two" });
}

const fixtures = new URL("../fixtures/inspect/", import.meta.url);
const keras = JSON.parse(readFileSync(new URL("activations.json", fixtures), "utf8")) as {
  pictures: number[];
  layers: Record<string, { shape: number[]; values: number[] }>;
};

const closeTo = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  assert.ok(Array.from(a).every((value, i) => Math.abs(value - b[i]!) < 1e-6) && a.length === b.length);

interface Options {
  layers?: LayerSelection;
}

function readBatchActivations(model: tf.LayersModel, images: Pictures, { layers }: Options = {}) {
  const graph = openModel(model, "activations");
  const outputs = layerOutputs(graph, { layers, who: "activations" });
  return readOutputs(graph, outputs, () => toBatch(model, images, "activations"));
}

function readActivations(model: tf.LayersModel, image: PictureInput, { layers }: Options = {}) {
  const graph = openModel(model, "activations");
  const outputs = layerOutputs(graph, { layers, who: "activations" });
  return readOutputs(graph, outputs, () => toSingle(model, image, "activations")).map(([only]) => only!);
}

describe("readOutputs", () => {
  const image = tf.keep(tf.randomUniform([6, 8, 3], 0, 1, "float32", 1));
  after(() => image.dispose());
  afterEach(() => tf.disposeVariables());

  it("gives what each layer makes of the picture", () => {
    const model = sequential();
    let step: tf.Tensor = image.expandDims(0);
    for (const found of readActivations(model, image)) {
      step = model.getLayer(found.name).apply(step) as tf.Tensor;
      assert.deepEqual(found.shape, step.shape.slice(1));
      closeTo(found.values, step.dataSync());
    }
  });

  it("finds layers by name, by index, from the end, or so many from the start", () => {
    const names = (wanted: number | (string | number)[]) =>
      readActivations(sequential(), image, { layers: wanted }).map(({ name }) => name);
    assert.deepEqual(names(["dense", "conv"]), ["dense", "conv"]);
    assert.deepEqual(names([1, -1]), ["pool", "dense"]);
    assert.deepEqual(names(3), ["conv", "pool", "drop"]);
    assert.deepEqual(names(100), ["conv", "pool", "drop", "flat", "dense"]);
    assert.deepEqual(names([0, "conv", -5]), ["conv"]);
  });

  it("follows branches, and layers used in another model as well", () => {
    const input = tf.input({ shape: [6, 8, 3], name: "image" });
    const shared = layers.conv2d({ filters: 3, kernelSize: 3, padding: "same", name: "shared" });
    shared.apply(tf.input({ shape: [9, 9, 3] }));
    const maps = shared.apply(input) as tf.SymbolicTensor;
    const sum = layers.add({ name: "sum" }).apply([input, maps]) as tf.SymbolicTensor;
    const found = readActivations(tf.model({ inputs: input, outputs: sum }), image);
    assert.deepEqual(
      found.map(({ name, shape }) => [name, shape]),
      [
        ["shared", [6, 8, 3]],
        ["sum", [6, 8, 3]],
      ],
    );
    closeTo(
      found[1]!.values,
      found[0]!.values.map((value, i) => value + image.dataSync()[i]!),
    );
  });

  it("knows least and largest numbers and dead channels", () => {
    const model = tf.sequential({
      layers: [layers.conv2d({ inputShape: [2, 2, 1], filters: 3, kernelSize: 1, activation: "relu" })],
    });
    model.setWeights([tf.tensor([2, -1, 0], [1, 1, 1, 3]), tf.tensor([0, 0, 0.5])]);
    const [found] = readActivations(model, tf.tensor([1, 2, 3, 4], [2, 2, 1]));
    assert.deepEqual([...found!.channelMin], [2, 0, 0.5]);
    assert.deepEqual([...found!.channelMax], [8, 0, 0.5]);
    assert.deepEqual([found!.min, found!.max, found!.nonFinite], [0, 8, 0]);
    assert.deepEqual(found!.dead, [1, 2]);
  });

  it("counts numbers that are none", () => {
    const model = tf.sequential({ layers: [layers.dense({ inputShape: [2], units: 3 })] });
    model.setWeights([tf.tensor2d([1, NaN, 1, 1, 1, 1], [2, 3]), tf.tensor1d([0, 0, Infinity])]);
    const [found] = readActivations(model, tf.tensor([1, 2]));
    assert.deepEqual([found!.nonFinite, found!.nan], [2, 1]);
    assert.deepEqual([found!.min, found!.max], [3, 3]);
  });

  it("equals Keras' numbers: branches, a layer used twice, models inside of models", async () => {
    const model = await loadModel(fileURLToPath(new URL("branches.keras", fixtures)));
    const names = Object.keys(keras.layers);
    const found = readBatchActivations(model, tf.tensor(keras.pictures, [2, 10, 10, 1]), { layers: names });
    assert.equal(found.length, names.length);
    for (const [first, second] of found) {
      const { shape, values } = keras.layers[first!.name.split("/").at(-1)!]!;
      assert.deepEqual([2, ...second!.shape], shape, first!.name);
      const both = [...first!.values, ...second!.values];
      const worst = Math.max(...both.map((value, i) => Math.abs(value - values[i]!)));
      assert.ok(worst < 1e-5, `${first!.name}: ${worst}`);
    }
  });

  it("finds layers inside of models by path, and each use of a layer", async () => {
    const model = await loadModel(fileURLToPath(new URL("branches.keras", fixtures)));
    const image = tf.tensor(keras.pictures.slice(0, 100), [10, 10, 1]);
    const names = (wanted: string[]) =>
      readActivations(model, image, { layers: wanted }).map(({ name }) => name);
    assert.deepEqual(names(["base/core/core_conv", "core"]), ["base/core/core_conv", "base/core"]);
    assert.deepEqual(names(["shared"]), ["shared", "shared (use 2)", "shared (use 3)"]);
    assert.throws(() => names(["core_con"]), /did you mean "base\/core\/core_conv"\?/);
  });

  it("finds layers of a model that a Sequential begins with", () => {
    const model = tf.sequential({ layers: [sequential(), layers.dense({ units: 2, name: "last" })] });
    const [conv, last] = readActivations(model, image, { layers: ["conv", "last"] });
    assert.deepEqual([conv!.name, conv!.shape, last!.shape], ["net/conv", [4, 6, 4], [2]]);
  });

  it("takes an array of tensors where a model has several inputs", () => {
    const [sum] = readActivations(twoInputs(), [tf.tensor([1, 2]), tf.tensor([[10, 20]])], {
      layers: ["sum"],
    });
    assert.deepEqual([...sum!.values], [11, 22]);
    const pairs = [
      [tf.tensor([1, 2]), tf.tensor([3, 4])],
      [tf.tensor([5, 6]), tf.tensor([7, 8])],
    ];
    const [both] = readBatchActivations(twoInputs(), pairs, { layers: ["sum"] });
    assert.deepEqual(
      both!.map(({ values }) => [...values]),
      [
        [4, 6],
        [12, 14],
      ],
    );
  });

  it("lays the slices of a volume below one another", () => {
    const model = tf.sequential({
      layers: [layers.conv3d({ inputShape: [4, 5, 6, 1], filters: 2, kernelSize: [2, 3, 3] })],
    });
    const volume = tf.randomUniform([4, 5, 6, 1]);
    const [found] = readActivations(model, volume);
    assert.deepEqual([found!.shape, found!.height, found!.width], [[3, 3, 4, 2], 9, 4]);
    closeTo(found!.values, (model.predict(volume.expandDims(0)) as tf.Tensor).dataSync());
  });

  it("accepts a batch of one", () => {
    const [found] = readActivations(sequential(), image.expandDims(0), { layers: 1 });
    assert.deepEqual(found!.shape, [4, 6, 4]);
  });

  it("leaves no tensor, also when it fails", () => {
    const model = sequential();
    model.predict(tf.zeros([1, 6, 8, 3]));
    const before = tf.memory().numTensors;
    readActivations(model, image);
    assert.throws(() => readActivations(model, image, { layers: ["no"] }), InputError);
    assert.equal(tf.memory().numTensors, before);
  });

  it("says in one line what it cannot take", () => {
    const model = sequential();
    const says = (work: () => unknown, message: RegExp) =>
      assert.throws(work, (error: Error) => {
        assert.ok(error instanceof InputError);
        assert.match(error.message, message);
        return !error.message.includes("\n");
      });
    says(
      () => readActivations(model, tf.zeros([6, 8, 1])),
      /^activations: expected an image of shape \[6, 8, 3\], found \[6, 8, 1\]; /,
    );
    says(
      () => readActivations(model, tf.zeros([4, 6, 8, 3])),
      /expected one picture, found 4; give one picture of the batch/,
    );
    says(() => readActivations(model, tf.zeros([7, 7, 3])), /found \[7, 7, 3\]; resize it/);
    says(
      () => readActivations(model, image, { layers: ["conv9"] }),
      /found "conv9"; did you mean "conv"\? layers: conv, pool, drop, flat, dense$/,
    );
    says(() => readActivations(model, image, { layers: [5] }), /index -5 to 4, found 5; layers: conv/);
    says(() => readActivations(model, image, { layers: 0 }), /expected layers: a number above 0/);
    says(() => readActivations(tf.sequential(), image), /which is not built/);
    says(
      () => readActivations(model, tf.zeros([6, 8])),
      /expected an image of shape \[6, 8, 3\], found \[6, 8\]; resize it/,
    );
    says(() => readBatchActivations(model, []), /expected at least one picture, found none/);
    says(() => readBatchActivations(model, tf.zeros([0, 6, 8, 3])), /at least one picture, found none/);
    const two = twoInputs();
    says(
      () => readActivations(two, image),
      /an array of 2 tensors, one for each input of "two", found a tensor/,
    );
    says(
      () => readActivations(two, [tf.zeros([3, 2]), tf.zeros([2, 2])]),
      /as many pictures for each input, found 3 and 2/,
    );
    const gray = tf.sequential({ layers: [layers.flatten({ inputShape: [4, 4, 1] })] });
    says(
      () => readActivations(gray, tf.zeros([4, 4])),
      /add the axis of the channels: image.expandDims\(-1\)/,
    );
  });
});
