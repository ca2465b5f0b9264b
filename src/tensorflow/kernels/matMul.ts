import { attribute } from "../attributes.ts";
import { floats, improveKernel } from "./nodeKernels.ts";

/** Lets two matrices be multiplied by MatMul; BatchMatMulV2, which TensorFlow.js takes for any rank, makes a batch of one of them. */
export function improveMatMul(): void {
  improveKernel("BatchMatMul", ({ inputs: { a, b }, attrs: { transposeA, transposeB }, backend }) => {
    const matrices = a!.shape.length === 2 && b!.shape.length === 2;
    if (!matrices || a!.dtype !== "float32" || b!.dtype !== "float32") return undefined;
    const transposes = [
      attribute.bool("transpose_a", Boolean(transposeA)),
      attribute.bool("transpose_b", Boolean(transposeB)),
    ];
    return backend.executeSingleOutput("MatMul", [floats, ...transposes], [a!, b!]);
  });
}
