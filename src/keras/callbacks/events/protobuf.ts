/**
 * Writes messages of Protocol Buffers, as far as event files need them: https://protobuf.dev/programming-guides/encoding
 * A message is its fields one after the other.
 */

const encoder = new TextEncoder();

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Uint8Array.of(...bytes, rest);
}

const key = (field: number, wireType: number) => varint(field * 8 + wireType);

/** A whole number of at least 0. */
export function uint(field: number, value: number): Uint8Array {
  return Buffer.concat([key(field, 0), varint(value)]);
}

/** A number of 64 bits. */
export function double(field: number, value: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return Buffer.concat([key(field, 1), bytes]);
}

/** A number of 32 bits. */
export function float(field: number, value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([key(field, 5), bytes]);
}

/** Bytes, or text. */
export function bytes(field: number, value: Uint8Array | string): Uint8Array {
  const content = typeof value === "string" ? encoder.encode(value) : value;
  return Buffer.concat([key(field, 2), varint(content.length), content]);
}

/** A message inside another. */
export function message(field: number, ...fields: readonly Uint8Array[]): Uint8Array {
  return bytes(field, Buffer.concat(fields));
}
