import type { DataType, KernelBackend, Tensor } from "@tensorflow/tfjs";
import { engineParts } from "./engineParts.ts";

/** What tfjs-node's backend has beyond the interface: it makes the tensors that are still waiting, and gives their numbers. */
type NodeBackend = KernelBackend & { getInputTensorIds(tensors: { dataId: object }[]): number[] };

/** Backends that copy what they are given at once. */
const copying = new Set(["tensorflow", "wasm"]);

/** The engine outlives a copy of this library. */
const done = Symbol.for("convoscope.ownValues");

/**
 * Makes a tensor the owner of its values, as an array of NumPy's is in Python. TensorFlow.js keeps the very array that `tf.tensor` was
 * given, and what happens to that array later happens to the tensor: with the cpu backend always, with tfjs-node until the tensor
 * is first used.
 */
export function ownValues(): void {
  const engine = engineParts() as ReturnType<typeof engineParts> & { [done]?: true };
  if (engine[done] === true) return;
  engine[done] = true;
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
