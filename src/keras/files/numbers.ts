/** The bits of half-precision numbers: IEEE's float16, or the upper half of a float32. */
export type HalfType = "float16" | "bfloat16";

export type NumberArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/** A float16 from its bits: sign, 5 bits of exponent, 10 of fraction (IEEE 754 binary16). */
function fromFloat16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Numbers of any type as float32; those of `half` are given as their 16 bits. */
export function toFloat32(values: NumberArray, half?: HalfType): Float32Array {
  if (half === "float16") return Float32Array.from(values as Uint16Array, fromFloat16);
  if (half === "bfloat16") {
    const wide = Uint32Array.from(values as Uint16Array, (bits) => bits << 16);
    return new Float32Array(wide.buffer);
  }
  if (values instanceof Float32Array) return values;
  return Float32Array.from(values as ArrayLike<number | bigint>, Number);
}
