import * as tf from "@tensorflow/tfjs";
import type { KernelBackend } from "@tensorflow/tfjs";
import { newBinding, type TensorMetadata } from "./binding.ts";
import type { Pointer } from "./capi.ts";
import type { Context } from "./context.ts";
import { recordable, type Record } from "./graph/recorder.ts";
import { HandleTable } from "./handleTable.ts";
import { registerKernels } from "./kernels/registerKernels.ts";
import { describeHandle } from "./tensorData.ts";
import { newTfjsNodeBackend } from "./tfjsNode.ts";

/** The members of tfjs-node's backend that are called here. */
interface NodeBackend extends KernelBackend {
  getInputTensorIds(tensors: readonly tf.TensorInfo[]): number[];
  createOutputTensor(metadata: TensorMetadata): tf.Tensor;
}

/** TensorFlow under TensorFlow.js, for those who know more of it than tensors. */
export interface Runtime {
  context: Context;
  handles: HandleTable;
  /** Writes down what TensorFlow is asked to do while a synchronous function runs. */
  record: Record;
  /** The number under which the table has a tensor. */
  idOf(tensor: tf.TensorInfo): number;
  /** A tensor of a handle, which is taken over. */
  toTensor(handle: Pointer): tf.Tensor;
}

let runtime: Runtime | undefined;

/** Makes the backend of TensorFlow.js that is TensorFlow. */
export function startRuntime(context: Context): KernelBackend {
  const handles = new HandleTable(context);
  const { binding, record } = recordable(newBinding(context, handles));
  const backend = newTfjsNodeBackend(binding) as NodeBackend;
  registerKernels();
  runtime = {
    context,
    handles,
    record,
    idOf: (tensor) => backend.getInputTensorIds([tensor])[0]!,
    toTensor: (handle) =>
      backend.createOutputTensor({ id: handles.add(handle), ...describeHandle(context, handle) }),
  };
  return backend;
}

/** TensorFlow, where it is what runs the tensors now. */
export function currentRuntime(): Runtime | undefined {
  tf.backend();
  return tf.getBackend() === "tensorflow" ? runtime : undefined;
}
