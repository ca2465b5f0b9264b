import type { TensorInfo } from "@tensorflow/tfjs";
import { reshape, tidy } from "@tensorflow/tfjs";
import { attribute } from "../attributes.ts";
import { floats, improveKernel } from "./nodeKernels.ts";

/**
 * Lets two matrices be multiplied by MatMul, also where they are batches of one, as which TensorFlow.js multiplies those of a dense
 * layer without ReLU. BatchMatMulV2, which it takes for any rank, is slower, and has no form into which a bias could be fused.
 */
export function improveMatMul(): void {
  improveKernel("BatchMatMul", ({ inputs: { a, b }, attrs: { transposeA, transposeB }, backend }) => {
    if (!isMatrix(a!) || !isMatrix(b!)) return undefined;
    const transposes = [
      attribute.bool("transpose_a", Boolean(transposeA)),
      attribute.bool("transpose_b", Boolean(transposeB)),
    ];
    return tidy(() => {
      const product = backend.executeSingleOutput(
        "MatMul",
        [floats, ...transposes],
        [matrix(a!), matrix(b!)],
      );
      const rank = Math.max(a!.shape.length, b!.shape.length);
      return rank === 2 ? product : reshape(product, [1, ...product.shape]);
    });
  });
}

const isMatrix = ({ dtype, shape }: TensorInfo): boolean =>
  dtype === "float32" && (shape.length === 2 || (shape.length === 3 && shape[0] === 1));

const matrix = (tensor: TensorInfo): TensorInfo =>
  tensor.shape.length === 2
    ? tensor
    : reshape(tensor as Parameters<typeof reshape>[0], tensor.shape.slice(1));
