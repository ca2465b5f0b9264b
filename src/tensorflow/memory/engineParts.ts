import * as tf from "@tensorflow/tfjs";
import type { KernelBackend, Tensor } from "@tensorflow/tfjs";

/** The parts of TensorFlow.js' engine through which every tensor comes and goes. Its types keep some of them private. */
export interface EngineParts {
  backend: KernelBackend;
  backendName: string;
  state: { numBytes: number };
  makeTensor(values: unknown, shape: number[], dtype?: tf.DataType, backend?: KernelBackend): Tensor;
  trackTensor(tensor: Tensor, backend?: KernelBackend): void;
  disposeTensor(tensor: Pick<Tensor, "dataId" | "dtype" | "size">): void;
  keep<T extends Tensor>(tensor: T): T;
  read(dataId: object): Promise<tf.BackendValues>;
}

/**
 * Whether nothing of this name was done to the engine before. It outlives a copy of this library, and a second copy must not do the same
 * once more.
 */
export function isFirst(name: string): boolean {
  const engine = engineParts() as unknown as Record<symbol, true | undefined>;
  const done = Symbol.for(`convoscope.${name}`);
  if (engine[done] === true) return false;
  engine[done] = true;
  return true;
}

/** The one engine of this process: all copies of TensorFlow.js share it. */
export function engineParts(): EngineParts {
  return tf.engine();
}
