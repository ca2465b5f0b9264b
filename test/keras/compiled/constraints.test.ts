import assert from "node:assert/strict";
import { fit, optimizers } from "../../../src/index.ts";
import { tf } from "../../../src/tensorflow/tf.ts";
import { needTensorflow } from "../../support/needTensorflow.ts";

const learningRate = 0.2;
const xs = [
  [1, -2],
  [0.5, 1],
  [-1, 0.25],
];
const ys = [[-1], [2], [0.5]];
const start = [0.3, 0.1];

/** What gradient descent on the mean squared error makes of the weights, with a constraint after each step. */
function descend(steps: number, constraint: (weights: number[]) => number[]): number[] {
  let weights = start;
  for (let step = 0; step < steps; step++) {
    const errors = xs.map((x, row) => x[0]! * weights[0]! + x[1]! * weights[1]! - ys[row]![0]!);
    const gradient = (column: number): number =>
      (2 / xs.length) * errors.reduce((sum, error, row) => sum + error * xs[row]![column]!, 0);
    weights = constraint(weights.map((weight, column) => weight - learningRate * gradient(column)));
  }
  return weights;
}

const constraints = [
  {
    name: "nonNeg",
    make: () => tf.constraints.nonNeg(),
    apply: (weights: number[]) => weights.map((weight) => Math.max(weight, 0)),
  },
  {
    name: "maxNorm",
    make: () => tf.constraints.maxNorm({ maxValue: 0.5, axis: 0 }),
    apply: (weights: number[]) => {
      const norm = Math.hypot(...weights);
      return weights.map((weight) => (weight * Math.min(norm, 0.5)) / norm);
    },
  },
];

const ways = [
  { name: "an operation of TensorFlow's", make: () => tf.train.sgd(learningRate) },
  { name: "Keras' code in the step", make: () => optimizers.sgd({ learningRate, clipvalue: 100 }) },
];

describe("the constraint of a weight", () => {
  for (const constraint of constraints) {
    for (const optimizer of ways) {
      for (const isCompiled of [true, false]) {
        const how = isCompiled ? "compiled" : "operation by operation";
        it(`holds after each step: ${constraint.name}, ${optimizer.name}, ${how}`, async function () {
          needTensorflow.call(this);
          const layer = tf.layers.dense({
            ...{ units: 1, inputShape: [2], useBias: false },
            kernelConstraint: constraint.make(),
          });
          const model = tf.sequential({ layers: [layer] });
          model.compile({ optimizer: optimizer.make(), loss: "meanSquaredError" });
          if (!isCompiled)
            (layer as unknown as { setCallHook(hook: () => void): void }).setCallHook(() => undefined);
          const data = { x: tf.tensor2d(xs), y: tf.tensor2d(ys) };
          const first = tf.tensor2d(start, [2, 1]);
          model.setWeights([first]);
          const run = (epochs: number) => fit(model, data, { epochs, shuffle: false, verbose: 0 });
          await run(1);
          const { numTensors } = tf.memory();
          await run(5);
          assert.equal(tf.memory().numTensors, numTensors);
          const expected = descend(6, constraint.apply);
          const found = Array.from(model.getWeights()[0]!.dataSync());
          found.forEach((weight, index) =>
            assert.ok(Math.abs(weight - expected[index]!) < 1e-5, `${found.join()} for ${expected.join()}`),
          );
          tf.dispose([data.x, data.y, first]);
          model.dispose();
        });
      }
    }
  }
});
