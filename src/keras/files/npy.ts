import { InputError } from "../../errors.ts";
import { tf } from "../../tensorflow/tf.ts";
import { toFloat32, type NumberArray } from "./numbers.ts";
import type { SavedWeight } from "./weight.ts";

/** NumPy's types in little-endian order, by what follows the sign of the order. */
const arrays: Record<string, new (buffer: ArrayBuffer) => NumberArray> = {
  b1: Uint8Array,
  u1: Uint8Array,
  i1: Int8Array,
  u2: Uint16Array,
  i2: Int16Array,
  u4: Uint32Array,
  i4: Int32Array,
  u8: BigUint64Array,
  i8: BigInt64Array,
  f2: Uint16Array,
  f4: Float32Array,
  f8: Float64Array,
};

/** Turns the bytes of each number around. */
function swapped(bytes: Buffer, size: number): Buffer {
  if (size === 2) return bytes.swap16();
  if (size === 4) return bytes.swap32();
  return size === 8 ? bytes.swap64() : bytes;
}

/**
 * Reads an array that NumPy wrote (`.npy`, versions 1 to 3), as float32.
 *
 * @throws InputError when it is none, holds no numbers, or is cut short
 */
export function readNpy(file: Buffer, name: string, who: string): SavedWeight {
  const expected = "an array that NumPy saved";
  const refuse = (found: string) => new InputError({ who, expected, found: `${name}, ${found}` });
  if (file.length < 12 || file.toString("latin1", 0, 6) !== "\x93NUMPY") throw refuse("which is none");
  const [headerLength, headerStart] = file[6] === 1 ? [file.readUInt16LE(8), 10] : [file.readUInt32LE(8), 12];
  const start = headerStart + headerLength;
  const header = file.toString("latin1", headerStart, start);
  const [, order, type] = /'descr':\s*'([<>|=])(\w+)'/.exec(header) ?? [];
  const make = arrays[type ?? ""];
  if (make === undefined) throw refuse(`of type ${/'descr':\s*([^,]+)/.exec(header)?.[1] ?? "unknown"}`);
  const dimensions = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1] ?? "";
  const shape = dimensions.split(",").flatMap((part) => (part.trim() === "" ? [] : [Number(part)]));
  const size = Number(type!.slice(1));
  const length = tf.util.sizeFromShape(shape) * size;
  if (file.length - start < length) throw refuse("cut short");
  const columnsFirst = /'fortran_order':\s*True/.test(header);
  return {
    shape,
    mayFail: false,
    read() {
      // A copy: the numbers must begin where their size divides the place.
      const bytes = Buffer.from(file.subarray(start, start + length));
      const inOrder = order === ">" ? swapped(bytes, size) : bytes;
      const buffer = new Uint8Array(inOrder).buffer;
      const values = toFloat32(new make(buffer), type === "f2" ? "float16" : undefined);
      if (!columnsFirst) return values;
      return tf.tidy(() =>
        tf
          .tensor(values, [...shape].reverse())
          .transpose()
          .dataSync<"float32">(),
      );
    },
  };
}

/** An array in NumPy's form, version 1: its numbers begin at a multiple of 64 bytes. */
export function writeNpy(shape: readonly number[], values: Float32Array): Buffer {
  const size = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${size}), }`;
  const length = Math.ceil((10 + text.length + 1) / 64) * 64 - 10;
  const header = Buffer.alloc(10 + length, " ");
  header.write("\x93NUMPY\x01\x00", 0, "latin1");
  header.writeUInt16LE(length, 8);
  header.write(text, 10);
  header.write("\n", 10 + length - 1);
  return Buffer.concat([header, new Uint8Array(values.buffer, values.byteOffset, values.byteLength)]);
}
