import type { Pointer } from "./capi.ts";
import type { Context } from "./context.ts";
import { dataTypeName, dataTypes } from "./dataTypes.ts";
import { deleteStrings, newStrings, readStrings } from "./stringTensor.ts";

/** What TensorFlow.js hands over as the values of a tensor. An int64 is one bigint, or two int32 with the low half first. */
export type TensorValues = Float32Array | Int32Array | Uint8Array | BigInt64Array | Uint8Array[];

type TypedValues = Exclude<TensorValues, Uint8Array[]>;

/** For each type: how many bytes an element has, and which array may hold it. */
const layouts = new Map<number, { bytes: number; fits: (values: TypedValues) => boolean }>([
  [dataTypes.float, { bytes: 4, fits: (values) => values instanceof Float32Array }],
  [dataTypes.int32, { bytes: 4, fits: (values) => values instanceof Int32Array }],
  [dataTypes.uint8, { bytes: 1, fits: (values) => values instanceof Uint8Array }],
  [dataTypes.bool, { bytes: 1, fits: (values) => values instanceof Uint8Array }],
  [dataTypes.complex64, { bytes: 8, fits: (values) => values instanceof Float32Array }],
  [
    dataTypes.int64,
    { bytes: 8, fits: (values) => values instanceof BigInt64Array || values instanceof Int32Array },
  ],
]);

/** TensorFlow's largest rank is 254; this buffer is filled anew for every tensor. */
const dims = new BigInt64Array(254);

/**
 * Makes a tensor handle that holds a copy of `values`.
 *
 * @throws Error when the values do not have the type or the number of elements that type and shape demand
 */
export function newHandle(
  context: Context,
  shape: readonly number[],
  dtype: number,
  values: TensorValues,
): Pointer {
  if (dtype === dataTypes.string) return newStringHandle(context, shape.length, values, setDims(shape));

  return placeTensor(context, newTensor(context, shape, dtype, values), dtype);
}

/** A handle of a TF_Tensor in the memory of the host, which is taken over, on the device where tensors of its type belong. */
export function placeTensor(context: Context, tensor: Pointer, dtype: number): Pointer {
  const handle = handleOf(context, tensor);
  context.c.TF_DeleteTensor(tensor);
  // As TensorFlow's kernels for GPUs expect: int32 tensors stay in the memory of the host.
  return context.device.isGpu && dtype !== dataTypes.int32 ? toDevice(context, handle) : handle;
}

/**
 * Makes a TF_Tensor that holds a copy of `values`, which are no strings. Whoever calls it deletes it.
 *
 * @throws Error when the values do not have the type or the number of elements that type and shape demand
 */
export function newTensor(
  { c }: Context,
  shape: readonly number[],
  dtype: number,
  values: TensorValues,
): Pointer {
  const typed = checkValues(dtype, values, setDims(shape), shape);
  const tensor = c.TF_AllocateTensor(dtype, dims, shape.length, typed.byteLength)!;
  if (typed.byteLength > 0) c.memcpy(c.TF_TensorData(tensor), typed, typed.byteLength);
  return tensor;
}

/** Makes a TF_Tensor of float32 whose values are still to be written. Whoever calls it deletes it. */
export function newFloats({ c }: Context, shape: readonly number[]): Pointer {
  return c.TF_AllocateTensor(dataTypes.float, dims, shape.length, setDims(shape) * 4)!;
}

/** Writes the lengths into the buffer and returns their product. */
function setDims(shape: readonly number[]): number {
  let size = 1;
  for (let i = 0; i < shape.length; i++) {
    dims[i] = BigInt(shape[i]!);
    size *= shape[i]!;
  }
  return size;
}

function checkValues(
  dtype: number,
  values: TensorValues,
  size: number,
  shape: readonly number[],
): TypedValues {
  const layout = layouts.get(dtype);
  if (layout === undefined || Array.isArray(values) || !layout.fits(values)) {
    const found = Object.prototype.toString.call(values).slice(8, -1);
    throw new Error(`createTensor: values of ${dataTypeName(dtype)} expected, found ${found}`);
  }
  if (values.byteLength !== size * layout.bytes) {
    const found = values.byteLength / layout.bytes;
    throw new Error(
      `createTensor: ${String(size)} values expected for shape [${shape.join()}], found ${String(found)}`,
    );
  }
  return values;
}

function handleOf({ c, status, check }: Context, tensor: Pointer): Pointer {
  const handle = c.TFE_NewTensorHandle(tensor, status);
  if (handle === null) check("createTensor");
  return handle!;
}

function toDevice({ c, pointer, device, status, check }: Context, handle: Pointer): Pointer {
  const moved = c.TFE_TensorHandleCopyToDevice(handle, pointer, device.name, status);
  c.TFE_DeleteTensorHandle(handle);
  if (moved === null) check("createTensor");
  return moved!;
}

/**
 * The strings are copied once more, by TensorFlow's own DeepCopy: the memory of what it makes itself it also frees, when the
 * last of all handles that share it goes.
 */
function newStringHandle(context: Context, rank: number, values: TensorValues, size: number): Pointer {
  if (!Array.isArray(values) || values.length !== size) {
    throw new Error(`createTensor: an array of ${String(size)} Uint8Array expected for strings`);
  }
  const { c, status, pointer, check } = context;
  const tensor = newStrings(context, dims, rank, values);
  const outputs = new BigUint64Array(1);
  try {
    const ours = handleOf(context, tensor);
    const op = c.TFE_NewOp(pointer, Buffer.from("DeepCopy\0"), status)!;
    c.TFE_OpAddInput(op, ours, status);
    c.TFE_OpSetAttrType(op, Buffer.from("T\0"), dataTypes.string);
    c.TFE_Execute(op, outputs, new Int32Array([1]), status);
    c.TFE_DeleteOp(op);
    c.TFE_DeleteTensorHandle(ours);
    check("createTensor");
  } finally {
    deleteStrings(context, tensor);
  }
  return outputs[0]!;
}

/** Another handle of the same data, which whoever calls this deletes. */
export function shareHandle({ c, status, check }: Context, handle: Pointer): Pointer {
  const shared = c.TFE_TensorHandleCopySharingTensor(handle, status);
  if (shared === null) check("TFE_TensorHandleCopySharingTensor");
  return shared!;
}

/** The shape of what a handle holds, and the number of its type. */
export function describeHandle({ c, status }: Context, handle: Pointer): { shape: number[]; dtype: number } {
  const rank = c.TFE_TensorHandleNumDims(handle, status);
  const shape: number[] = [];
  for (let i = 0; i < rank; i++) shape.push(Number(c.TFE_TensorHandleDim(handle, i, status)));
  return { shape, dtype: c.TFE_TensorHandleDataType(handle) };
}

/** What a tensor's data are in JavaScript: uint8 as int32, and a resource as the bytes of its handle, as TensorFlow.js does. */
export type ReadValues = Float32Array | Int32Array | Uint8Array | BigInt64Array | Uint8Array[];

/** Copies the data of a handle, from whichever device it is on. */
export function readHandle(context: Context, handle: Pointer): ReadValues {
  const { c, status, check } = context;
  const tensor = c.TFE_TensorHandleResolve(handle, status);
  if (tensor === null) check("tensorData");
  try {
    return readTensor(context, tensor!);
  } finally {
    c.TF_DeleteTensor(tensor!);
  }
}

function readTensor(context: Context, tensor: Pointer): ReadValues {
  const { c } = context;
  const dtype = c.TF_TensorType(tensor);
  if (dtype === dataTypes.string) return readStrings(context, tensor);
  const bytes = new Uint8Array(Number(c.TF_TensorByteSize(tensor)));
  if (bytes.length > 0) c.memcpy(bytes, c.TF_TensorData(tensor), bytes.length);
  switch (dtype) {
    case dataTypes.float:
    case dataTypes.complex64:
      return new Float32Array(bytes.buffer);
    case dataTypes.int32:
      return new Int32Array(bytes.buffer);
    case dataTypes.int64:
      return new BigInt64Array(bytes.buffer);
    case dataTypes.uint8:
      return Int32Array.from(bytes);
    case dataTypes.bool:
    case dataTypes.resource:
      return bytes;
    default:
      throw new Error(`tensorData: values of ${dataTypeName(dtype)} cannot be read`);
  }
}
