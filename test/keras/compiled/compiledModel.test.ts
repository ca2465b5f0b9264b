import assert from "node:assert/strict";
import { fit } from "../../../src/keras/fit.ts";
import { trainable } from "../../../src/keras/training/trainableModel.ts";
import { setRandomSeed } from "../../../src/tensorflow/randomSeed.ts";
import { currentRuntime } from "../../../src/tensorflow/runtime.ts";
import { tf } from "../../../src/tensorflow/tf.ts";
import { captureOutput } from "../captureOutput.ts";
import { needTensorflow } from "../../support/needTensorflow.ts";

const size = 8;

/** A layer that looks at its values, as no function of TensorFlow's can. */
class Looking extends tf.layers.Layer {
  static readonly className = "Looking";
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [input] = [inputs].flat();
    assert(input!.dataSync().length > 0);
    return input!.clone();
  }
}

function newData(): { x: tf.Tensor; y: tf.Tensor } {
  const x = tf.tidy(() => tf.sin(tf.range(0, size * 36)).reshape([size, 6, 6, 1]));
  const y = tf.tidy(() => tf.oneHot(tf.range(0, size, 1, "int32").mod(3).toInt(), 3).toFloat());
  return { x, y };
}

function newModel(
  more: tf.layers.Layer[] = [],
  optimizer: string | tf.Optimizer = tf.train.adam(0.01),
): tf.LayersModel {
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [6, 6, 1], filters: 4, kernelSize: 3, activation: "relu" }),
      ...more,
      tf.layers.flatten(),
      tf.layers.dense({ units: 3, activation: "softmax" }),
    ],
  });
  model.compile({ optimizer, loss: "categoricalCrossentropy", metrics: ["accuracy"] });
  return model;
}

async function losses(
  model: tf.LayersModel,
  data: { x: tf.Tensor; y: tf.Tensor },
  steps = 5,
): Promise<number[]> {
  const options = { epochs: steps, batchSize: size, shuffle: false, verbose: 0 } as const;
  return (await fit(model, data, options)).history.loss!;
}

const near = (found: readonly number[], wanted: readonly number[], tolerance = 1e-5): void => {
  assert.equal(found.length, wanted.length);
  found.forEach((value, index) =>
    assert(Math.abs(value - wanted[index]!) < tolerance, `${found.join()} is not ${wanted.join()}`),
  );
};

/** The operations that TensorFlow is asked to run. */
function operationsOf(body: () => void): string[] {
  const { recording } = currentRuntime()!.record(body);
  return recording.operations.map(({ name }) => name);
}

describe("a compiled model", () => {
  let data: { x: tf.Tensor; y: tf.Tensor };
  before(needTensorflow);
  beforeEach(() => (data = newData()));
  afterEach(() => tf.dispose({ ...data }));

  it("asks TensorFlow for operations with its first batch of some shapes, and for none with the next", () => {
    const model = newModel();
    const step = trainable(model, "test").makeTrainFunction();
    const batch = (...tensors: tf.Tensor[]): string[] => operationsOf(() => tf.dispose(step(tensors)));
    assert(batch(data.x, data.y).includes("Conv2D"));
    assert.deepEqual(batch(data.x, data.y), []);
    const half = [tf.slice(data.x, 0, 4), tf.slice(data.y, 0, 4)];
    assert(batch(...half).includes("Conv2D"));
    assert.deepEqual(batch(...half), []);
    tf.dispose(half);
    model.dispose();
  });

  it("gives the numbers of one that cannot be compiled, which says why, once", async () => {
    setRandomSeed(1);
    const model = newModel();
    setRandomSeed(1);
    const other = newModel([new Looking({})]);
    const capture = captureOutput(process.stderr);
    const eager = await losses(other, data);
    const said = capture.end();
    near(await losses(model, data), eager);
    assert.match(
      said,
      /^convoscope: ".*" is not compiled, and slower so: it reads the values of a tensor\n$/,
    );
    near(Array.from(model.getWeights()[0]!.dataSync()), Array.from(other.getWeights()[0]!.dataSync()), 1e-4);
    for (const each of [model, other]) each.dispose();
  });

  it("lets an optimizer apply the gradients itself where TensorFlow has no operation for it", async () => {
    class Halved extends tf.SGDOptimizer {
      override applyGradients(gradients: Parameters<tf.Optimizer["applyGradients"]>[0]): void {
        const list = gradients as { name: string; tensor: tf.Tensor }[];
        const halved = list.map(({ name, tensor }) => ({ name, tensor: tf.mul(tensor, 0.5) }));
        super.applyGradients(halved);
        tf.dispose(halved.map(({ tensor }) => tensor));
      }
    }
    setRandomSeed(2);
    const model = newModel([], new Halved(0.2));
    setRandomSeed(2);
    const plain = newModel([], tf.train.sgd(0.1));
    near(await losses(model, data), await losses(plain, data));
    for (const each of [model, plain]) each.dispose();
  });

  it("draws the same noise after setRandomSeed, other noise at each step, and none in prediction", async () => {
    const noisy = async (): Promise<number[]> => {
      setRandomSeed(7);
      const model = newModel([
        tf.layers.dropout({ rate: 0.5 }),
        tf.layers.gaussianNoise({ stddev: 0.5 }),
        tf.layers.gaussianDropout({ rate: 0.3 }),
        tf.layers.alphaDropout({ rate: 0.2 }),
      ]);
      model.compile({ optimizer: tf.train.sgd(0), loss: "categoricalCrossentropy" });
      const found = await losses(model, data, 6);
      const [one, two] = [model.predict(data.x), model.predict(data.x)] as [tf.Tensor, tf.Tensor];
      assert.deepEqual(one.dataSync(), two.dataSync());
      tf.dispose([one, two]);
      model.dispose();
      return found;
    };
    const first = await noisy();
    assert.deepEqual(await noisy(), first);
    assert.equal(new Set(first).size, first.length);
  });

  it("predicts and evaluates, compiled, what it does batch by batch", () => {
    const model = newModel();
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const eager = tf.tidy(() => (model.apply(data.x) as tf.Tensor).dataSync());
      for (let time = 0; time < 4; time++) {
        near(
          Array.from((model.predict(data.x, { batchSize: 3 }) as tf.Tensor).dataSync()),
          Array.from(eager),
        );
      }
      const answers = Array.from({ length: 4 }, () =>
        (model.evaluate(data.x, data.y, { batchSize: 4 }) as tf.Scalar[]).map(
          (scalar) => scalar.dataSync()[0]!,
        ),
      );
      for (const answer of answers) near(answer, answers[0]!);
    });
    const operations = operationsOf(() => tf.dispose(model.predict(data.x, { batchSize: 4 })));
    assert(operations.includes("Conv2D"), "a batch of new shapes is not compiled at once");
    assert.equal(tf.memory().numTensors, before);
    model.dispose();
  });

  it("says that it is disposed, also after it was compiled", () => {
    const model = newModel();
    for (let time = 0; time < 3; time++) tf.dispose(model.predict(data.x));
    model.dispose();
    assert.throws(() => model.predict(data.x), /already disposed/);
  });

  it("can be differentiated, and listened to, all the same", () => {
    const model = newModel();
    tf.tidy(() => {
      for (let time = 0; time < 3; time++) tf.dispose(model.predict(data.x));
      const gradient = tf.grad((x) => tf.sum(tf.square(model.predict(x) as tf.Tensor)))(data.x);
      assert(gradient.abs().max().dataSync()[0]! > 0);
      let calls = 0;
      model.layers[1]!.setCallHook(() => calls++);
      tf.dispose(model.predict(data.x));
      assert.equal(calls, 1);
    });
    model.dispose();
  });

  it("leaves what others hold of its weights as it was", async () => {
    const model = newModel();
    await losses(model, data, 3);
    const held = model.getWeights()[0]!.clone();
    const values = held.dataSync().slice();
    await losses(model, data, 3);
    assert.deepEqual(held.dataSync(), values);
    assert.notDeepEqual(model.getWeights()[0]!.dataSync(), values);
    held.dispose();
    model.dispose();
  });

  it("leaves no tensor and no handle behind", async () => {
    const before = tf.memory().numTensors;
    const runtime = currentRuntime()!;
    const model = newModel([tf.layers.batchNormalization({})]);
    await losses(model, data, 3);
    const [tensors, handles] = [tf.memory().numTensors, runtime.handles.size];
    await losses(model, data, 20);
    assert.equal(tf.memory().numTensors, tensors);
    assert.equal(runtime.handles.size, handles);
    model.optimizer.dispose();
    model.dispose();
    assert.equal(tf.memory().numTensors, before);
  });

  it("stops between two steps with its weights intact", async () => {
    const model = newModel();
    const controller = new AbortController();
    const callbacks = {
      onEpochEnd: (epoch: number): void => {
        if (epoch === 2) controller.abort();
      },
    };
    const training = fit(model, data, {
      ...{ epochs: 100, batchSize: 2, verbose: 0, callbacks, signal: controller.signal },
    });
    await assert.rejects(training, { name: "AbortError" });
    assert(model.getWeights().every((weight) => weight.dataSync().every(Number.isFinite)));
    assert.equal((await losses(model, data, 2)).length, 2);
    model.dispose();
  });
});
