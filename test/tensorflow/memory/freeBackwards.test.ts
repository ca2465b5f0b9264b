import assert from "node:assert/strict";
import { tf } from "../../../src/tensorflow/tf.ts";

type Save = (tensors: tf.Tensor[]) => void;

const valuesOf = (tensor: tf.Tensor): number[] => Array.from(tensor.dataSync());

/** A function of one tensor with the gradient `back`. */
function withGradient(
  back: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.Tensor | tf.Tensor[],
): (...inputs: tf.Tensor[]) => tf.Tensor {
  return tf.customGrad((...args) => {
    const inputs = args.slice(0, -1) as tf.Tensor[];
    (args.at(-1) as unknown as Save)(inputs);
    return { value: tf.addN(inputs), gradFunc: back };
  });
}

describe("the way back through a network", () => {
  it("frees on its way what it has no use for any more", () => {
    const size = 1000;
    let held = 0;
    tf.tidy(() => {
      const x = tf.ones([size]);
      const before = tf.memory().numBytes;
      const last = withGradient((dy) => {
        held = tf.memory().numBytes - before;
        return tf.mul(dy, 1);
      });
      const deep = (input: tf.Tensor): tf.Tensor =>
        Array.from({ length: 20 }).reduce<tf.Tensor>((value) => tf.sin(value), last(input));
      const gradient = tf.grad((input) => tf.sum(deep(input)))(x);
      assert.equal(gradient.shape[0], size);
    });
    // All twenty of what sines save, and their gradients, would be more than ten times as much.
    assert(held < 6 * size * 4, `${String(held)} bytes`);
  });

  it("leaves tensors of others as they are: what was given as dy, what a gradient function has from elsewhere", () => {
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const mine = tf.tensor1d([5, 6]);
      const functions = [
        withGradient((dy) => dy),
        withGradient(() => mine),
        withGradient((_, [saved]) => saved!),
      ];
      const [x, dy] = [tf.tensor1d([2, 3]), tf.tensor1d([1, 1])];
      for (const first of functions) {
        for (const second of functions) {
          const gradient = tf.grad((input) => tf.square(second(tf.square(first(input)))))(x, dy);
          assert(valuesOf(gradient).every(Number.isFinite));
        }
      }
      assert.deepEqual(
        [valuesOf(mine), valuesOf(dy), valuesOf(x)],
        [
          [5, 6],
          [1, 1],
          [2, 3],
        ],
      );
    });
    assert.equal(tf.memory().numTensors, before);
  });

  it("goes on with a gradient that is the same tensor for two inputs", () => {
    tf.tidy(() => {
      const both = withGradient((dy) => {
        const half = tf.mul(dy, 0.5);
        return [half, half];
      });
      const [a, b] = tf.grads((a, b) => tf.sum(both(tf.square(a), tf.sin(b))))([tf.scalar(3), tf.scalar(0)]);
      assert.deepEqual([valuesOf(a!), valuesOf(b!)], [[3], [0.5]]);
    });
  });

  it("goes by outputs on which nothing depends", () => {
    tf.tidy(() => {
      const first = (x: tf.Tensor): tf.Tensor => tf.square(tf.unstack(tf.sin(x))[0]!);
      assert.deepEqual(valuesOf(tf.grad(first)(tf.tensor1d([Math.PI / 4, 1]))).map(Math.round), [1, 0]);
    });
  });

  it("comes back from gradients of gradients", () => {
    tf.tidy(() => {
      const third = tf.grad(tf.grad(tf.grad((x) => tf.pow(x, tf.scalar(4, "int32")))));
      assert.deepEqual(valuesOf(third(tf.scalar(2))), [48]);
    });
  });
});
