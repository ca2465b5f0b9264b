import * as tf from "@tensorflow/tfjs";

const kernelName = "BatchMatMul";
const backendName = "wasm";

/**
 * Lets products of transposed matrices, of which the gradients of a dense layer consist, take the way of the others: tfjs-backend-wasm
 * multiplies them in a plain loop, four to five times slower than XNNPACK with the transposition before it.
 */
export function registerWasmMatMul(): void {
  const usual = tf.getKernel(kernelName, backendName);
  tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel({
    ...usual,
    kernelFunc: ({ inputs, backend, attrs = {} }) => {
      const { transposeA, transposeB } = attrs as { transposeA: boolean; transposeB: boolean };
      const { a, b } = inputs as { a: tf.Tensor; b: tf.Tensor };
      if (!(transposeA || transposeB) || isStack(a) || isStack(b)) {
        return usual.kernelFunc({ inputs, backend, attrs });
      }
      const [left, right] = [transposeA ? transposed(a) : a, transposeB ? transposed(b) : b];
      const plain = { transposeA: false, transposeB: false };
      const product = usual.kernelFunc({ inputs: { a: left, b: right }, backend, attrs: plain });
      if (left !== a) left.dispose();
      if (right !== b) right.dispose();
      return product;
    },
  });
}

/** Several matrices behind each other have the loop only, either way. */
function isStack({ shape }: tf.Tensor): boolean {
  return shape.slice(0, -2).some((size) => size !== 1);
}

function transposed(x: tf.Tensor): tf.Tensor {
  const axes = x.shape.map((_, axis) => axis);
  return tf.transpose(x, [...axes.slice(0, -2), x.rank - 1, x.rank - 2]);
}
