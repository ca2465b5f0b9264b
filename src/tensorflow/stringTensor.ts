import type { Pointer } from "./capi.ts";
import type { Context } from "./context.ts";
import { dataTypes } from "./dataTypes.ts";

/** sizeof(TF_TString): what a string takes inside its tensor; the text of a long one lies elsewhere. */
const stringBytes = 24;

/**
 * Makes a TF_Tensor of strings. The caller frees it with {@link deleteStrings}: TensorFlow would free the tensor, but
 * not the texts that are longer than 22 bytes.
 */
export function newStrings({ c }: Context, dims: BigInt64Array, rank: number, texts: Uint8Array[]): Pointer {
  const tensor = c.TF_AllocateTensor(dataTypes.string, dims, rank, texts.length * stringBytes)!;
  addresses(c.TF_TensorData(tensor), texts.length).forEach((address, index) => {
    const text = texts[index]!;
    c.TF_StringInit(address);
    c.TF_StringCopy(address, text, text.byteLength);
  });
  return tensor;
}

/** Frees what {@link newStrings} made. */
export function deleteStrings({ c }: Context, tensor: Pointer): void {
  const count = Number(c.TF_TensorElementCount(tensor));
  for (const address of addresses(c.TF_TensorData(tensor), count)) c.TF_StringDealloc(address);
  c.TF_DeleteTensor(tensor);
}

/** Copies the strings of a TF_Tensor. */
export function readStrings({ c }: Context, tensor: Pointer): Uint8Array[] {
  const count = Number(c.TF_TensorElementCount(tensor));
  return addresses(c.TF_TensorData(tensor), count).map((address) => {
    const text = new Uint8Array(Number(c.TF_StringGetSize(address)));
    if (text.length > 0) c.memcpy(text, c.TF_StringGetDataPointer(address), text.length);
    return text;
  });
}

function addresses(data: Pointer | null, count: number): Pointer[] {
  return Array.from({ length: count }, (_, index) => data! + BigInt(index * stringBytes));
}
