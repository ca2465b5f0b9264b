import { attribute, cName, eagerSetters, setAttribute } from "./attributes.ts";
import type { Attribute } from "./attributes.ts";
import type { Pointer } from "./capi.ts";
import type { Context } from "./context.ts";
import { dataTypeName, heldTypes, nearestHeldType } from "./dataTypes.ts";

/** Runs operations one at a time: the handles of `inputs` in, the handles of at most `maxOutputs` outputs out. */
export type Execute = (
  name: string,
  attributes: readonly Attribute[],
  inputs: readonly Pointer[],
  maxOutputs: number,
) => Pointer[];

/**
 * An {@link Execute} for a context. It has one TFE_Op and uses it again for every call, which takes a fifth off the time of a
 * small operation.
 */
export function newExecute(context: Context): Execute {
  const { c, pointer, status, check } = context;
  const setters = eagerSetters(context);
  const count = new Int32Array(1);
  let outputs = new BigUint64Array(16);
  let op: Pointer | null = null;

  function begin(name: string): Pointer {
    if (op === null) op = c.TFE_NewOp(pointer, cName(name), status);
    else c.TFE_OpReset(op, cName(name), null, status);
    check(name);
    return op!;
  }

  return (name, attributes, inputs, maxOutputs) => {
    const current = begin(name);
    for (const input of inputs) {
      c.TFE_OpAddInput(current, input, status);
      check(name);
    }
    for (const attribute of attributes) setAttribute(setters, current, attribute);

    if (maxOutputs > outputs.length) outputs = new BigUint64Array(maxOutputs);
    count[0] = maxOutputs;
    c.TFE_Execute(current, outputs, count, status);
    check(name);
    return Array.from(outputs.subarray(0, count[0]));
  };
}

/**
 * Replaces a handle of a type that TensorFlow.js cannot hold by one that it can: half, bfloat16 and double become float, small
 * integers int32. The handle given is freed, also when there is no such type.
 */
export function toHeldType(context: Context, execute: Execute, who: string, handle: Pointer): Pointer {
  const { c } = context;
  const dtype = c.TFE_TensorHandleDataType(handle);
  if (heldTypes.has(dtype)) return handle;
  try {
    const target = nearestHeldType.get(dtype);
    if (target === undefined) {
      throw new Error(`${who}: TensorFlow.js cannot hold an output of ${dataTypeName(dtype)}`);
    }
    const types = [attribute.type("SrcT", dtype), attribute.type("DstT", target)];
    return execute("Cast", types, [handle], 1)[0]!;
  } finally {
    c.TFE_DeleteTensorHandle(handle);
  }
}
