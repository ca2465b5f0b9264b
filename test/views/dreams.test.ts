import assert from "node:assert/strict";
import { InputError } from "../../src/errors.ts";
import { tf } from "../../src/tensorflow/tf.ts";
import { deepDream } from "../../src/views/deepDream.ts";
import { maximizeActivation } from "../../src/views/maximizeActivation.ts";

const { layers } = tf;
const seeded = (seed: number) => tf.initializers.glorotUniform({ seed });

function network(): tf.LayersModel {
  const conv = { kernelSize: 3, filters: 4, padding: "same" } as const;
  return tf.sequential({
    name: "net",
    layers: [
      layers.conv2d({ ...conv, inputShape: [16, 16, 3], name: "first", kernelInitializer: seeded(1) }),
      layers.reLU({ name: "relu" }),
      layers.dropout({ rate: 0.5 }),
      layers.conv2d({ ...conv, name: "second", kernelInitializer: seeded(2) }),
      layers.flatten({ name: "flat" }),
      layers.dense({ units: 3, activation: "softmax", name: "classes", kernelInitializer: seeded(3) }),
    ],
  });
}

const says = (work: Promise<unknown>, message: RegExp) =>
  assert.rejects(work, (error: Error) => {
    assert.ok(error instanceof InputError, String(error));
    assert.match(error.message, message);
    return !error.message.includes("\n");
  });

describe("maximizeActivation", () => {
  afterEach(() => tf.disposeVariables());

  for (const options of [
    {},
    { fourier: false },
    { tv: 1, l2: 1, jitter: 0 },
    { size: 24, range: [-1, 1] as const },
  ]) {
    it(`finds pictures that a channel likes better than noise: ${JSON.stringify(options)}`, async () => {
      const { data, text } = await maximizeActivation(network(), "second", 2, {
        steps: 20,
        learningRate: 0.05,
        ...options,
      });
      const { stages } = data.channels[0]!;
      assert.deepEqual(stages.map(({ step }) => step), [0, 3, 10, 20]); // prettier-ignore
      assert.ok(stages.at(-1)!.activation > stages[0]!.activation + 0.1);
      assert.ok(stages.at(-1)!.values.every((value) => value >= data.range[0] && value <= data.range[1]));
      assert.match(text, /channel 2: .* → .*\n20 steps from noise, seed 0/);
    });
  }

  it("gives the mean of the channel for the picture that it shows", async () => {
    const model = network();
    const { data } = await maximizeActivation(model, "second", 1, { steps: 3 });
    const { values, activation } = data.channels[0]!.stages.at(-1)!;
    const maps = tf.model({ inputs: model.inputs, outputs: model.getLayer("second").output })
      .predict(tf.tensor(values, [1, 16, 16, 3])) as tf.Tensor; // prettier-ignore
    assert.ok(Math.abs((maps.mean([0, 1, 2]).arraySync() as number[])[1]! - activation) < 1e-5);
  });

  it("maximises the logit of a class, and knows its seed", async () => {
    const options = { steps: 30, learningRate: 0.1, classNames: ["cat", "dog", "owl"] };
    const view = await maximizeActivation(network(), "classes", 1, options);
    assert.match(view.text, /“dog” \(channel 1\)/);
    // A probability could not rise above 1.
    assert.ok(view.data.channels[0]!.stages.at(-1)!.activation > 1);
    const picture = async (seed: number) => Array.from((await maximizeActivation(network(), "first", 0, { steps: 2, seed })).data.channels[0]!.stages[0]!.values); // prettier-ignore
    assert.deepEqual(await picture(3), await picture(3));
    assert.notDeepEqual(await picture(3), await picture(4));
  });

  for (const name of ["conv", "layer"]) {
    it(`wakes a channel that the ReLU of a ${name} keeps silent`, async () => {
      const activation = name === "conv" ? { activation: "relu" as const } : {};
      const conv = layers.conv2d({
        inputShape: [16, 16, 1],
        filters: 2,
        kernelSize: 3,
        name: "conv",
        ...activation,
      });
      const model = tf.sequential({
        layers: name === "conv" ? [conv] : [conv, layers.reLU({ name: "layer" })],
      });
      // Noise around the middle of 0 to 1 gives −0.4 before the ReLU, and white gives 0.5.
      conv.setWeights([tf.fill([3, 3, 1, 2], 0.2), tf.tensor1d([-1.3, -1.3])]);
      const { data } = await maximizeActivation(model, name, 1, { learningRate: 0.1 });
      const [first, ...others] = data.channels[0]!.stages;
      assert.equal(first!.activation, 0);
      assert.ok(others.at(-1)!.activation > 0.3, String(others.at(-1)!.activation));
    });
  }

  it("shows several channels, and says which did not rise", async () => {
    const model = network();
    model.getLayer("first").setWeights([tf.zeros([3, 3, 3, 4]), tf.zeros([4])]);
    const view = await maximizeActivation(model, "first", [0, 3], { steps: 2 });
    assert.match(view.text, /0 of 2 channels rose, not 0, 3/);
    await assert.doesNotReject(view.png());
  });

  it("leaves tensors as it found them, also when it is stopped or fails", async () => {
    const model = network();
    const before = tf.memory().numTensors;
    await maximizeActivation(model, "second", 0, { steps: 2 });
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 20);
    await assert.rejects(maximizeActivation(model, "second", 0, { steps: 1e6, signal: stop.signal }), { name: "AbortError" }); // prettier-ignore
    await says(
      maximizeActivation(model, "classes", 0, { size: 20 }),
      /a size that "classes" can be computed for, found 20×20/,
    );
    assert.equal(tf.memory().numTensors, before);
  });

  it("says in one line what it cannot take", async () => {
    const model = network();
    await says(maximizeActivation(model, "thrid", 0), /found "thrid"; /);
    await says(maximizeActivation(model, "second", 4), /channels of "second", 0 to 3, found 4/);
    await says(maximizeActivation(model, "second", []), /found none/);
    await says(maximizeActivation(model, "second", 0, { steps: 0 }), /steps: a whole number, 1 or more/);
    const vector = tf.sequential({ layers: [layers.dense({ inputShape: [4], units: 2, name: "dense" })] });
    await says(maximizeActivation(vector, "dense", 0), /an input that takes pictures .*, found \[4\]/);
    const [picture, words] = [tf.input({ shape: [8, 8, 3] }), tf.input({ shape: [4] })];
    const read = layers.dense({ units: 2, name: "read" }).apply(words) as tf.SymbolicTensor;
    const seen = layers.flatten().apply(picture) as tf.SymbolicTensor;
    const both = tf.model({
      inputs: [picture, words],
      outputs: layers.concatenate().apply([seen, read]) as tf.SymbolicTensor,
    });
    await says(
      maximizeActivation(both, "read", 0),
      /expected a layer that depends on the picture, found "read"/,
    );
  });
});

describe("deepDream", () => {
  afterEach(() => tf.disposeVariables());
  const image = tf.keep(tf.randomUniform<tf.Rank.R3>([20, 18, 3], 0, 1, "float32", 1));
  after(() => image.dispose());

  it("makes what layers see stronger, within the numbers of the picture", async () => {
    const { data, text } = await deepDream(network(), image, {
      layers: ["relu", 3],
      steps: 10,
      learningRate: 0.05,
    });
    assert.ok(data.after > data.before);
    assert.deepEqual(data.layers, ["relu", "second"]);
    assert.equal(data.dream.values.length, image.size);
    assert.ok(data.dream.values.every((value) => value >= 0 && value <= 1));
    assert.match(text, /mean square of “relu”, “second”: .* → .*\n3 octaves of 10 steps, seed 0/);
  });

  it("chooses a convolution itself, and draws the picture beside the dream", async () => {
    const view = await deepDream(network(), image, { steps: 1 });
    assert.deepEqual(view.data.layers, ["second"]);
    await assert.doesNotReject(view.png());
  });

  it("leaves tensors as it found them, also when it fails", async () => {
    const model = network();
    const before = tf.memory().numTensors;
    await deepDream(model, image, { steps: 2 });
    await says(
      deepDream(model, image, { layers: ["classes"] }),
      /can be computed for smaller pictures as well, found "classes"/,
    );
    assert.equal(tf.memory().numTensors, before);
  });

  it("says in one line what it cannot take", async () => {
    await says(deepDream(network(), image, { layers: ["none"] }), /found "none"/);
    await says(deepDream(network(), image, { layers: [] }), /at least one layer/);
    await says(
      deepDream(network(), tf.zeros([20, 20, 1])),
      /an image \[height, width, 3\], found \[20, 20, 1\]/,
    );
    await says(deepDream(network(), image, { octaves: 0 }), /octaves: a whole number/);
  });
});
