import * as tf from "@tensorflow/tfjs";
import type { KernelBackend } from "@tensorflow/tfjs";
import { newBinding, type TensorMetadata } from "./binding.ts";
import type { Pointer } from "./capi.ts";
import type { Context } from "./context.ts";
import { newExecute, type Execute } from "./execute.ts";
import { recordable, type Record } from "./graph/recorder.ts";
import { HandleTable } from "./handleTable.ts";
import { registerKernels } from "./kernels/registerKernels.ts";
import { describeHandle, shareHandle } from "./tensorData.ts";
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
  /** Runs an operation on handles. */
  execute: Execute;
  /** Writes down what TensorFlow is asked to do while a synchronous function runs. */
  record: Record;
  /** The number under which the table has a tensor. */
  idOf: (tensor: tf.TensorInfo) => number;
  /** The same for a variable that is to be changed in place; others that share its value keep it. */
  ownIdOf: (variable: tf.Variable) => number;
  /** A tensor of a handle, which is taken over. */
  toTensor: (handle: Pointer) => tf.Tensor;
}

let runtime: Runtime | undefined;

/** Makes the backend of TensorFlow.js that is TensorFlow. */
export function startRuntime(context: Context): KernelBackend {
  const handles = new HandleTable(context);
  const { binding, record } = recordable(newBinding(context, handles));
  const backend = newTfjsNodeBackend(binding) as NodeBackend;
  registerKernels();
  const idOf = (tensor: tf.TensorInfo): number => backend.getInputTensorIds([tensor])[0]!;
  const toTensor = (handle: Pointer): tf.Tensor =>
    backend.createOutputTensor({ id: handles.add(handle), ...describeHandle(context, handle) });
  const ownIdOf = (variable: tf.Variable): number => {
    if (backend.refCount(variable.dataId) > 1) {
      const value = toTensor(shareHandle(context, handles.get(idOf(variable))));
      variable.assign(value);
      value.dispose();
    }
    return idOf(variable);
  };
  runtime = { context, handles, execute: newExecute(context), record, idOf, ownIdOf, toTensor };
  return backend;
}

/** TensorFlow, where it is what runs the tensors now. */
export function currentRuntime(): Runtime | undefined {
  tf.backend();
  return tf.getBackend() === "tensorflow" ? runtime : undefined;
}
