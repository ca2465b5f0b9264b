import type { DataType, KernelBackend, Tensor } from "@tensorflow/tfjs";
import { engineParts, isFirst } from "./engineParts.ts";

/** What tfjs-node's backend has beyond the interface: it makes the tensors that are still waiting, and gives their numbers. */
type NodeBackend = KernelBackend & { getInputTensorIds(tensors: { dataId: object }[]): number[] };

/** Backends that copy what they are given at once. */
const copying = new Set(["tensorflow", "wasm"]);

/**
 * Makes a tensor the owner of its values, as an array of NumPy's is in Python. TensorFlow.js keeps the very array that `tf.tensor` was
 * given, and what happens to that array later happens to the tensor: with the cpu backend always, with tfjs-node until the tensor
 * is first used.
 */
export function ownValues(): void {
  if (!isFirst("ownValues")) return;
  const engine = engineParts();
  const makeTensor = engine.makeTensor.bind(engine);
  engine.makeTensor = (
    values: unknown,
    shape: number[],
    dtype?: DataType,
    backend: KernelBackend = engine.backend,
  ): Tensor => {
    const shared = ArrayBuffer.isView(values) && !copying.has(engine.backendName);
    const own = shared ? (values as Float32Array).slice() : values;
    return makeTensor(own, shape, dtype, backend);
  };
}

/** Has tfjs-node's backend copy numbers into TensorFlow's memory when it gets them, and not when they are first used. */
export function copyAtOnce(backend: KernelBackend): KernelBackend {
  const write = backend.write.bind(backend);
  backend.write = (values, shape, dtype) => {
    const dataId = write(values, shape, dtype);
    if (ArrayBuffer.isView(values)) (backend as NodeBackend).getInputTensorIds([{ dataId }]);
    return dataId;
  };
  return backend;
}
