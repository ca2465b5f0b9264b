import { InputError } from "../../errors.ts";
import type { tf } from "../../tensorflow/tf.ts";
import { openZip } from "./archives/zip.ts";
import { viewNumbers, type Numbers } from "./numbers.ts";
import { streamFloats, type Header } from "./streamFloats.ts";

/** NumPy's names of what numbers are. */
const types = {
  "|u1": Uint8Array,
  "|b1": Uint8Array,
  "|i1": Int8Array,
  "<i2": Int16Array,
  "<i4": Int32Array,
  "<i8": BigInt64Array,
  "<f4": Float32Array,
  "<f8": Float64Array,
} as const;

/** The header of NumPy's `.npy` format (numpy.lib.format), versions 1 to 3, rows first. */
function parseHeader(bytes: Uint8Array, who: string): Header & { type: keyof typeof types } {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const long = buffer[6]! > 1;
  const length = buffer.length < 12 ? 0 : long ? buffer.readUInt32LE(8) : buffer.readUInt16LE(8);
  const start = (long ? 12 : 10) + length;
  const header = buffer.toString("latin1", long ? 12 : 10, start);
  const type = /'descr': '([^']+)'/.exec(header)?.[1] ?? "";
  const shape = /'shape': \(([^)]*)\)/.exec(header)?.[1]?.match(/\d+/g)?.map(Number) ?? [];
  const known = Object.hasOwn(types, type) && header.includes("'fortran_order': False");
  if (buffer.toString("latin1", 0, 6) !== "\x93NUMPY" || !known) {
    throw new InputError({
      who,
      expected: "NumPy arrays of numbers, rows first",
      found: header.trim() || "none",
    });
  }
  return { shape, start, type: type as keyof typeof types };
}

/** An `.npz` file of NumPy: arrays by name. */
export interface Npz {
  read(name: string): Promise<Numbers>;
  /** Reads an array of bytes as a float32 tensor, which is the caller's. */
  readFloats(name: string): Promise<tf.Tensor>;
}

/**
 * Opens an `.npz` file of NumPy.
 *
 * @throws InputError when the file is damaged; reading throws one when there is no array of that name, or none of that kind
 */
export async function openNpz(path: string, who: string): Promise<Npz> {
  const entries = await openZip(path, who);
  const find = (name: string) => {
    const entry = entries.find((each) => each.name === `${name}.npy`);
    if (entry !== undefined) return entry;
    const found = entries.map((each) => each.name).join(", ");
    throw new InputError({ who, expected: `${name}.npy in ${path}`, found });
  };
  return {
    async read(name) {
      const bytes = await find(name).read();
      const { shape, start, type } = parseHeader(bytes, who);
      return { shape, data: viewNumbers(types[type], bytes.subarray(start)) };
    },
    async readFloats(name) {
      const tensor = await streamFloats(find(name).readChunks(), (first) => {
        const header = parseHeader(first, who);
        if (header.type === "|u1") return header;
        throw new InputError({ who, expected: `bytes in ${name}.npy of ${path}`, found: header.type });
      });
      if (tensor !== undefined) return tensor;
      throw new InputError({ who, expected: `a whole ${name}.npy in ${path}`, found: "another size" });
    },
  };
}
