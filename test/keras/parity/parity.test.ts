import assert from "node:assert/strict";
import { fit } from "../../../src/keras/fit.ts";
import { kerasName } from "../../../src/keras/training/logNames.ts";
import { tf } from "../../../src/tensorflow/tf.ts";
import { cases, expectedOf, strict, type Case } from "./cases.ts";
import { buildNetwork, compileNetwork, dataFor, disposeNetwork, type Data, type Network } from "./network.ts";
import { random, sample, take } from "./numbers.ts";

const batchSize = 8;

function close(actual: number, wanted: number, tolerance: number, what: string): void {
  const far = Math.abs(actual - wanted);
  assert(far <= tolerance * Math.max(1, Math.abs(wanted)), `${what}: ${actual} instead of ${wanted}`);
}

function allClose(
  actual: readonly number[],
  wanted: readonly number[],
  tolerance: number,
  what: string,
): void {
  assert.equal(actual.length, wanted.length, what);
  wanted.forEach((value, i) => close(actual[i]!, value, tolerance, `${what} ${i}`));
}

const samplesOf = ({ steps = 20 }: Case) => steps * batchSize;

/** The logs of a training, one entry a batch. */
type Train = (model: tf.LayersModel, data: Data, one: Case) => Promise<Record<string, number[]>>;

/** Our own loop: epochs of one batch that go on where the last one ended. */
const byFit: Train = async (model, { x, y }, one) => {
  const weights = weightsOf(one);
  const options = {
    batchSize,
    epochs: samplesOf(one) / batchSize,
    stepsPerEpoch: 1,
    shuffle: false,
  } as const;
  const { history } = await fit(model, { x, y }, { ...options, verbose: 0, ...weights });
  tf.dispose(weights);
  return history;
};

/** The same, pass by pass through the first 20 samples, with 10 others to validate. */
const byEpochs: Train = async (model, data, { epochs = 1 }) => {
  const train = slice(data, 0, 20);
  const validationData = slice(data, 20, 10);
  const options = { batchSize, epochs, shuffle: false, verbose: 0 } as const;
  const { history } = await fit(model, train, { ...options, validationData });
  tf.dispose([{ ...train }, { ...validationData }]);
  return history;
};

/** TensorFlow.js' entry for one batch. */
const byBatch: Train = async (model, data, one) => {
  const logs: Record<string, number[]> = {};
  for (let start = 0; start < samplesOf(one); start += batchSize) {
    const batch = slice(data, start, batchSize);
    const values: number[] = [await model.trainOnBatch(batch.x, batch.y)].flat();
    model.metricsNames.forEach((name, i) => (logs[kerasName(name)] ??= []).push(values[i]!));
    tf.dispose({ ...batch });
  }
  return logs;
};

/** What TensorFlow.js' users call. */
const byModelFit: Train = async (model, data, one) => {
  const logs: Record<string, number[]> = {};
  const { sampleWeight, ...rest } = weightsOf(one);
  for (let start = 0; start < samplesOf(one); start += batchSize) {
    const batch = slice(data, start, batchSize);
    const weights = sampleWeight && tf.slice(sampleWeight, [start], [batchSize]);
    const options = { ...rest, ...(weights && { sampleWeight: weights }) };
    const { history } = await model.fit(batch.x, batch.y, { batchSize, verbose: 0, ...options });
    for (const [name, [value]] of Object.entries(history)) {
      (logs[kerasName(name)] ??= []).push(value as number);
    }
    tf.dispose([{ ...batch }, weights ?? []]);
  }
  tf.dispose(sampleWeight ?? []);
  return logs;
};

function weightsOf(one: Case): { classWeight?: Record<number, number>; sampleWeight?: tf.Tensor } {
  const { class_weight: classWeight, sample_weight: weighted } = one;
  return {
    ...(classWeight && { classWeight: { ...classWeight } }),
    ...(weighted && { sampleWeight: tf.tensor1d(take(random(4), [samplesOf(one)], (u) => 0.5 + u)) }),
  };
}

function slice({ x, y }: Data, start: number, count: number): Data {
  const part = (tensor: tf.Tensor) => tf.slice(tensor, [start], [count]);
  return { x: x.map(part), y: y.map(part) };
}

async function checkLogs(train: Train, network: Network, data: Data, one: Case): Promise<void> {
  const { logs } = expectedOf(one);
  const { tolerance = 1e-3 } = one;
  const found = await train(network.model, data, one);
  assert.deepEqual(Object.keys(found).toSorted(), Object.keys(logs).toSorted());
  for (const [name, values] of Object.entries(logs))
    allClose(found[name]!, values, tolerance, `${name} of step`);
}

/** What a trained net says of the first samples, and its weights. */
function checkTrained({ model, layers }: Network, data: Data, one: Case): void {
  const { evaluated, predicted, weights } = expectedOf(one);
  const { tolerance = 1e-3 } = one;
  const first = slice(data, 0, Math.min(20, samplesOf(one)));
  tf.tidy(() => {
    const scalars = [model.evaluate(first.x, first.y, { batchSize, verbose: 0 })].flat();
    const names = model.metricsNames.map(kerasName);
    for (const [name, wanted] of Object.entries(evaluated)) {
      const found = scalars[names.indexOf(name)]!.dataSync()[0]!;
      close(found, wanted, tolerance, `${name} of the first samples`);
    }
    const outputs: tf.Tensor[] = [model.predict(first.x, { batchSize })].flat();
    outputs.forEach((output, i) => {
      allClose(sample(output.dataSync()), predicted[i]!, 10 * tolerance, `output ${i} of sample`);
    });
  });
  tf.dispose({ ...first });
  for (const [name, wanted] of Object.entries(weights)) {
    layers
      .get(name)!
      .getWeights()
      .forEach((weight, i) => {
        // Deep nets have small tolerances, and their moving statistics are among these weights.
        allClose(sample(weight.dataSync()), wanted[i]!, tolerance, `weight ${i} of ${name}, value`);
      });
  }
}

/** Builds, trains and compares one net, and leaves no tensor. */
async function follow(one: Case, train: Train): Promise<void> {
  const before = tf.memory().numTensors;
  const network = buildNetwork(one);
  const optimizer = compileNetwork(network, one);
  const data = dataFor(network, one, samplesOf(one));
  try {
    await checkLogs(train, network, data, one);
    checkTrained(network, data, one);
  } finally {
    tf.dispose({ ...data });
    disposeNetwork(network, one);
    // The optimizer with momentum forgets the learning rate that it inherits.
    tf.dispose((optimizer as { c?: tf.Tensor }).c);
    optimizer.dispose();
  }
  assert.equal(tf.memory().numTensors, before, "tensors left");
}

const numbers = strict ? "Keras" : "Keras, or TensorFlow.js' own arithmetic where that differs";

describe(`fit gives the losses, metrics and weights of ${numbers}:`, () => {
  for (const group of new Set(cases.map((one) => one.group))) {
    describe(group, () => {
      for (const one of cases.filter((other) => other.group === group)) {
        const note = strict ? undefined : one.tensorflowjs;
        it(note === undefined ? one.name : `${one.name} (not so: ${note})`, async () => {
          await follow(one, one.epochs === undefined ? byFit : byEpochs);
        });
      }
    });
  }
});

describe("trainOnBatch gives the same", () => {
  const chosen = ["optimizers", "batch normalization", "graphs", "metrics"];
  for (const one of cases.filter(({ group }) => chosen.includes(group))) {
    it(`${one.group}: ${one.name}`, () => follow(one, byBatch));
  }
});

describe("model.fit gives the same", () => {
  const chosen = ["optimizers", "graphs", "weighted samples", "metrics", "nets of the courses"];
  for (const one of cases.filter(({ group }) => chosen.includes(group))) {
    it(`${one.group}: ${one.name}`, () => follow(one, byModelFit));
  }
});
