import { InputError } from "../../errors.ts";
import { openZip } from "./archives/zip.ts";
import { viewNumbers, type Numbers } from "./numbers.ts";

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

/** Reads one array of NumPy's `.npy` format (numpy.lib.format), versions 1 to 3, rows first. */
export function parseNpy(bytes: Uint8Array, who: string): Numbers {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const long = buffer[6]! > 1;
  const length = long ? buffer.readUInt32LE(8) : buffer.readUInt16LE(8);
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
  const Class = types[type as keyof typeof types];
  return { shape, data: viewNumbers(Class, bytes.subarray(start)) };
}

/**
 * Reads arrays of an `.npz` file of NumPy, by name.
 *
 * @throws InputError when the file is damaged, or has no array of that name
 */
export async function readNpz<Name extends string>(
  path: string,
  names: readonly Name[],
  who: string,
): Promise<Record<Name, Numbers>> {
  const entries = await openZip(path, who);
  const arrays = names.map(async (name) => {
    const entry = entries.find((each) => each.name === `${name}.npy`);
    if (entry !== undefined) return [name, parseNpy(await entry.read(), who)] as const;
    const found = entries.map((each) => each.name).join(", ");
    throw new InputError({ who, expected: `${name}.npy in ${path}`, found });
  });
  return Object.fromEntries(await Promise.all(arrays)) as Record<Name, Numbers>;
}
