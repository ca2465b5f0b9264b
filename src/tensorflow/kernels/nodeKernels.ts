import * as tf from "@tensorflow/tfjs";
import { attribute, type Attribute } from "../attributes.ts";
import { dataTypes } from "../dataTypes.ts";

/** What tfjs-node's backend gives its kernels to run TensorFlow's operations with. */
export interface NodeKernelBackend extends tf.KernelBackend {
  executeSingleOutput(name: string, attributes: Attribute[], inputs: tf.TensorInfo[]): tf.Tensor;
  executeMultipleOutputs(
    name: string,
    attributes: Attribute[],
    inputs: tf.TensorInfo[],
    numOutputs: number,
  ): tf.Tensor[];
}

export interface KernelArguments {
  inputs: Record<string, tf.TensorInfo>;
  attrs: Record<string, unknown>;
  backend: NodeKernelBackend;
}

type Kernel = (args: KernelArguments) => tf.TensorInfo | tf.TensorInfo[];

const backendName = "tensorflow";

const typeNumbers: Record<string, number> = {
  float32: dataTypes.float,
  int32: dataTypes.int32,
  bool: dataTypes.bool,
  complex64: dataTypes.complex64,
  string: dataTypes.string,
};

/** TensorFlow's number for the type of a tensor. */
export function typeOf({ dtype }: tf.TensorInfo): number {
  return typeNumbers[dtype]!;
}

/** The type of the elements of most operations here. */
export const floats = attribute.type("T", dataTypes.float);

/** Adds a kernel that TensorFlow.js does not have. */
export function addKernel(kernelName: string, kernelFunc: Kernel): void {
  tf.registerKernel({ kernelName, backendName, kernelFunc: kernelFunc as unknown as tf.KernelFunc });
}

/** Lets a kernel do its work in another way where that one can: `better` returns undefined where it cannot. */
export function improveKernel(
  kernelName: string,
  better: (args: KernelArguments) => tf.TensorInfo | undefined,
): void {
  const { kernelFunc, ...config } = tf.getKernel(kernelName, backendName);
  tf.unregisterKernel(kernelName, backendName);
  const improved = (args: KernelArguments): tf.TensorInfo | tf.TensorInfo[] =>
    better(args) ?? kernelFunc(args as unknown as Parameters<tf.KernelFunc>[0]);
  tf.registerKernel({ ...config, kernelFunc: improved as unknown as tf.KernelFunc });
}

/** Runs a kernel of {@link addKernel} on tensors, so that gradients see it. */
export function runKernel<Result extends tf.Tensor | tf.Tensor[] = tf.Tensor>(
  name: string,
  inputs: Record<string, tf.Tensor>,
  attributes: Record<string, unknown> = {},
): Result {
  return tf.engine().runKernel(name, inputs, attributes as tf.NamedAttrMap) as unknown as Result;
}
