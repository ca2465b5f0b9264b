import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { backend } from "../../src/tensorflow/backend.ts";
import { tf } from "../../src/tensorflow/tf.ts";
import { needBackend } from "../support/needTensorflow.ts";

interface Listed {
  shape: number[];
  values: number[];
}

interface Step {
  x: Listed;
  labels: Listed;
  weights: Listed[];
  loss: number;
  gradients: Listed[];
  learningRate: number;
  after: Listed[];
}

const step = JSON.parse(
  readFileSync(join(import.meta.dirname, "../fixtures/tensorflow/trainingStep.json"), "utf8"),
) as Step;

function tensor<R extends tf.Rank>({ shape, values }: Listed): tf.Tensor<R> {
  return tf.tensor<R>(values, shape as tf.ShapeMap[R]);
}

function assertClose(actual: tf.Tensor, { shape, values }: Listed): void {
  assert.deepEqual(actual.shape, shape);
  const read = actual.dataSync();
  values.forEach((value, i) => {
    assert.ok(Math.abs(read[i]! - value) < 1e-5, `${String(read[i])} instead of ${String(value)}`);
  });
}

describe("a training step of a convolutional network", () => {
  let usual: string;
  before(() => {
    usual = backend().name;
  });
  after(() => tf.setBackend(usual));

  for (const name of ["tensorflow", "wasm", "cpu"]) {
    it(`gives the loss, gradients and weights of TensorFlow in Python with ${name}`, async function () {
      needBackend.call(this, name);
      await tf.setBackend(name);
      const before = tf.memory().numTensors;
      tf.tidy(() => {
        const x = tensor<tf.Rank.R4>(step.x);
        const labels = tensor(step.labels);
        const weights = step.weights.map((weight) => tf.variable(tensor(weight)));
        const [kernel, bias, dense, offset] = weights as unknown as [
          tf.Tensor4D,
          tf.Tensor,
          tf.Tensor2D,
          tf.Tensor,
        ];
        const loss = (): tf.Scalar => {
          const convolved = tf.relu(tf.add<tf.Tensor4D>(tf.conv2d(x, kernel, 1, "same"), bias));
          const pooled = tf.maxPool(convolved, 2, 2, "valid");
          const logits = tf.add(tf.matMul(tf.reshape<tf.Rank.R2>(pooled, [4, -1]), dense), offset);
          return tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>(labels, logits);
        };
        const { value, grads } = tf.variableGrads(loss);
        assert.ok(Math.abs(value.dataSync()[0]! - step.loss) < 1e-5);
        weights.forEach((weight, i) => {
          assertClose(grads[weight.name]!, step.gradients[i]!);
        });
        tf.train.sgd(step.learningRate).applyGradients(grads);
        weights.forEach((weight, i) => {
          assertClose(weight, step.after[i]!);
        });
        tf.dispose(weights);
      });
      // The learning rate of the optimizer stays.
      assert.ok(tf.memory().numTensors - before <= 1);
    });
  }
});
