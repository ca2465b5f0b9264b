import assert from "node:assert/strict";
import { InputError } from "../../src/errors.ts";
import { tf } from "../../src/tensorflow/tf.ts";
import { ablate } from "../../src/views/ablate.ts";

const { layers } = tf;
const seeded = (seed: number) => tf.initializers.glorotUniform({ seed });

/** With a short cut around the layer that is looked at. */
function network(activation: "softmax" | "sigmoid" = "softmax"): tf.LayersModel {
  const input = tf.input({ shape: [6, 6, 2], name: "image" });
  const conv = { kernelSize: 3, padding: "same", filters: 5, activation: "relu" } as const;
  const first = layers.conv2d({ ...conv, name: "first", kernelInitializer: seeded(1) }).apply(input);
  const second = layers.conv2d({ ...conv, name: "second", kernelInitializer: seeded(2) }).apply(first);
  const sum = layers.add().apply([first, second] as tf.SymbolicTensor[]);
  const units = activation === "softmax" ? 3 : 1;
  const head = layers.dense({ units, activation, name: "head", kernelInitializer: seeded(3) });
  const outputs = head.apply(layers.flatten().apply(sum)) as tf.SymbolicTensor;
  return tf.model({ name: "net", inputs: input, outputs });
}

/** The accuracy with a filter whose weights are 0, which gives 0 behind a relu. */
function withoutFilter(
  model: tf.LayersModel,
  layer: string,
  channel: number,
  x: tf.Tensor,
  classes: number[],
): number {
  const own = model.getLayer(layer);
  const weights = own.getWeights().map((weight) => weight.clone());
  const mask = tf.tensor1d(Array.from({ length: 5 }, (_, i) => Number(i !== channel)));
  own.setWeights(weights.map((weight) => weight.mul(mask)));
  const answer = model.predict(x) as tf.Tensor;
  const found = answer.shape[1] === 1 ? answer.greaterEqual(0.5).reshape([-1]) : answer.argMax(1);
  own.setWeights(weights);
  return Array.from(found.dataSync()).filter((value, i) => value === classes[i]).length / classes.length;
}

describe("ablate", () => {
  const x = tf.keep(tf.randomUniform([40, 6, 6, 2], -1, 1, "float32", 4));
  const classes = Array.from({ length: 40 }, (_, i) => (i * 7) % 3);
  after(() => x.dispose());
  afterEach(() => tf.disposeVariables());

  for (const layer of ["first", "second"]) {
    it(`gives what filters with weights of 0 give: ${layer}`, async () => {
      const model = network();
      const y = tf.oneHot(tf.tensor1d(classes, "int32"), 3);
      const { data } = await ablate(model, layer, undefined, { x, y }, { batchSize: 16 });
      assert.equal(data.count, 40);
      assert.equal(data.accuracy, withoutFilter(model, layer, -1, x, classes));
      assert.deepEqual(data.channels, [0, 1, 2, 3, 4]);
      data.accuracies.forEach((accuracy, channel) => {
        assert.equal(accuracy, withoutFilter(model, layer, channel, x, classes));
        assert.ok(Math.abs(data.losses[channel]! - (data.accuracy - accuracy)) < 1e-9);
      });
      assert.ok(new Set(data.accuracies).size > 1, "this network tells filters apart");
    });
  }

  it("knows a single sigmoid, numbers of classes, and batches as fit takes them", async () => {
    const model = network("sigmoid");
    const binary = classes.map((value) => Number(value > 0));
    const expected = [1, 3].map((channel) => withoutFilter(model, "first", channel, x, binary));
    const plain = await ablate(model, "first", [1, 3], [x, tf.tensor1d(binary)]);
    assert.deepEqual(plain.data.accuracies, expected);
    const batches = [0, 20].map((start) => ({ xs: x.slice(start, 20), ys: tf.tensor2d(binary.slice(start, start + 20), [20, 1]) })); // prettier-ignore
    const batched = await ablate(model, 1, [1, 3], batches);
    assert.deepEqual(batched.data.accuracies, expected);
    assert.ok(batches.every(({ xs, ys }) => xs.isDisposed && ys.isDisposed));
  });

  it("says what counts, and draws bars", async () => {
    const view = await ablate(network(), "first", 2, { x, y: tf.tensor1d(classes) });
    assert.match(
      view.text,
      /^Ablation of “first” in net\naccuracy [\d.]+% on 40 pictures; (channel [01] counts most|no single channel is missed)/,
    );
    const { data } = await view.bundle();
    assert.ok("application/vnd.vegalite.v5+json" in data && "image/png" in data);
    assert.match(await view.svg!(), /accuracy lost without it/);
  });

  it("leaves tensors as it found them, also when it fails", async () => {
    const model = network();
    const y = tf.tensor1d(classes);
    const before = tf.memory().numTensors;
    await ablate(model, "second", [0], { x, y });
    await assert.rejects(
      ablate(model, "second", [0], [{ xs: tf.zeros([2, 5, 5, 2]), ys: tf.zeros([2]) }]),
      InputError,
    );
    const stop = new AbortController();
    stop.abort();
    await assert.rejects(ablate(model, "second", [0], { x, y }, { signal: stop.signal }), {
      name: "AbortError",
    });
    assert.equal(tf.memory().numTensors, before);
  });

  it("takes pictures of whole numbers, as files hold them", async () => {
    const model = network();
    const bytes = tf.randomUniform([10, 6, 6, 2], 0, 255, "int32", 5);
    const y = tf.tensor1d(classes.slice(0, 10), "int32");
    const before = tf.memory().numTensors;
    const found = await ablate(model, "first", undefined, { x: bytes, y });
    assert.equal(tf.memory().numTensors, before);
    const same = await ablate(model, "first", undefined, { x: bytes.cast("float32"), y });
    assert.deepEqual(found.data, same.data);
  });

  it("says in one line what it cannot take", async () => {
    const model = network();
    const y = tf.tensor1d(classes);
    const says = (work: Promise<unknown>, message: RegExp) =>
      assert.rejects(work, (error: Error) => error instanceof InputError && message.test(error.message));
    await says(ablate(model, "third", [0], { x, y }), /found "third"; /);
    await says(ablate(model, "first", [5], { x, y }), /channels of "first", 0 to 4, found 5/);
    await says(ablate(model, "first", [], { x, y }), /found none/);
    await says(
      ablate(model, "first", [0], { x, y: tf.zeros([3]) }),
      /a class for each, found pictures \[40, 6, 6, 2\] and classes \[3\]/,
    );
    await says(ablate(model, "first", [0], []), /expected pictures, found none/);
    await says(ablate(model, "first", [0], 3 as never), /data \{ x, y \}, \[x, y\] or batches/);
    await says(ablate(model, "first", [0], null as never), /batches \{ xs, ys \}, found null/);
    await says(ablate(model, "first", [0], { inputs: x } as never), /found \{ inputs \}/);
  });
});
