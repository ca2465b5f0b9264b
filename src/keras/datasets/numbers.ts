/** Numbers in rows of rows, as a file holds them. */
export interface Numbers {
  shape: number[];
  data: Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array | BigInt64Array;
}

type NumbersClass = new (buffer: ArrayBuffer, offset: number, length: number) => Numbers["data"];

/** Looks at bytes as numbers; copies them only where they do not lie as the numbers need. */
export function viewNumbers(
  Class: NumbersClass & { BYTES_PER_ELEMENT: number },
  bytes: Uint8Array,
): Numbers["data"] {
  const size = Class.BYTES_PER_ELEMENT;
  const aligned = bytes.byteOffset % size === 0 ? bytes : Uint8Array.from(bytes);
  return new Class(aligned.buffer as ArrayBuffer, aligned.byteOffset, Math.floor(aligned.length / size));
}
