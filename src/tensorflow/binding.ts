import { attributeKinds } from "./attributes.ts";
import type { Attribute } from "./attributes.ts";
import type { Pointer } from "./capi.ts";
import type { Context } from "./context.ts";
import { dataTypes } from "./dataTypes.ts";
import { newExecute, toHeldType } from "./execute.ts";
import { HandleTable } from "./handleTable.ts";
import { deleteSavedModel, loadSavedModel, runSavedModel } from "./savedModel.ts";
import type { SavedModel } from "./savedModel.ts";
import { newTable } from "./table.ts";
import { describeHandle, newHandle, readHandle } from "./tensorData.ts";
import type { ReadValues, TensorValues } from "./tensorData.ts";

/** A tensor as the kernels of tfjs-node know it. */
export interface TensorMetadata {
  id: number;
  shape: number[];
  dtype: number;
}

/** What the JavaScript half of tfjs-node asks of its native half: its interface TFJSBinding. */
export interface Binding {
  createTensor(shape: number[], dtype: number, values: TensorValues): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): ReadValues;
  executeOp(name: string, attributes: Attribute[], inputs: number[], numOutputs: number): TensorMetadata[];
  loadSavedModel(directory: string, tags: string): number;
  deleteSavedModel(id: number): void;
  runSavedModel(id: number, inputs: number[], inputNames: string, outputNames: string): TensorMetadata[];
  getNumOfSavedModels(): number;
  getNumOfTensors(): number;
  isUsingGpuDevice(): boolean;
  TF_FLOAT: number;
  TF_INT32: number;
  TF_INT64: number;
  TF_BOOL: number;
  TF_COMPLEX64: number;
  TF_STRING: number;
  TF_RESOURCE: number;
  TF_UINT8: number;
  TF_ATTR_STRING: number;
  TF_ATTR_INT: number;
  TF_ATTR_FLOAT: number;
  TF_ATTR_BOOL: number;
  TF_ATTR_TYPE: number;
  TF_ATTR_SHAPE: number;
  TF_Version: string;
}

const constants = {
  TF_FLOAT: dataTypes.float,
  TF_INT32: dataTypes.int32,
  TF_INT64: dataTypes.int64,
  TF_BOOL: dataTypes.bool,
  TF_COMPLEX64: dataTypes.complex64,
  TF_STRING: dataTypes.string,
  TF_RESOURCE: dataTypes.resource,
  TF_UINT8: dataTypes.uint8,
  TF_ATTR_STRING: attributeKinds.string,
  TF_ATTR_INT: attributeKinds.int,
  TF_ATTR_FLOAT: attributeKinds.float,
  TF_ATTR_BOOL: attributeKinds.bool,
  TF_ATTR_TYPE: attributeKinds.type,
  TF_ATTR_SHAPE: attributeKinds.shape,
} as const;

/**
 * The native half of tfjs-node over TensorFlow's C API. Tensors and models are numbers to its caller.
 *
 * @param handles the tensor handles behind the numbers; who shares this table can hand tensors to other functions of the C API
 */
export function newBinding(context: Context, handles = new HandleTable(context)): Binding {
  const { c } = context;
  const execute = newExecute(context);
  const models = newTable<SavedModel>("SavedModel");

  /** Takes over the handles an operation has made; frees all of them when one cannot be held. */
  function hold(who: string, outputs: Pointer[]): TensorMetadata[] {
    const held: Pointer[] = [];
    try {
      while (outputs.length > 0) held.push(toHeldType(context, execute, who, outputs.shift()!));
    } catch (error) {
      for (const handle of [...held, ...outputs]) c.TFE_DeleteTensorHandle(handle);
      throw error;
    }
    return held.map((handle) => ({ id: handles.add(handle), ...describeHandle(context, handle) }));
  }

  return {
    ...constants,
    TF_Version: context.version,

    createTensor: (shape, dtype, values) => handles.add(newHandle(context, shape, dtype, values)),
    deleteTensor: (id) => handles.remove(id),
    tensorDataSync: (id) => readHandle(context, handles.get(id)),
    executeOp: (name, attributes, inputs, numOutputs) =>
      hold(
        name,
        execute(
          name,
          attributes,
          inputs.map((id) => handles.get(id)),
          numOutputs,
        ),
      ),

    loadSavedModel: (directory, tags) => models.add(loadSavedModel(context, directory, tags.split(","))),
    deleteSavedModel: (id) => {
      deleteSavedModel(context, models.remove(id));
    },
    runSavedModel: (id, inputs, inputNames, outputNames) =>
      hold(
        "runSavedModel",
        runSavedModel(
          context,
          models.get(id),
          inputs.map((id) => handles.get(id)),
          split(inputNames),
          split(outputNames),
        ),
      ),

    getNumOfSavedModels: models.size,
    getNumOfTensors: () => handles.size,
    isUsingGpuDevice: () => context.device.isGpu,
  };
}

function split(names: string): string[] {
  return names === "" ? [] : names.split(",");
}
