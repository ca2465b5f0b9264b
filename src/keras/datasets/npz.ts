import { InputError } from "../../errors.ts";
import { tf } from "../../tensorflow/tf.ts";
import { readNpy } from "../files/npy.ts";
import { openZip } from "./archives/zip.ts";
import type { Numbers } from "./numbers.ts";
import { streamFloats, type Header } from "./streamFloats.ts";

/**
 * Where the numbers of an array of bytes begin, and its shape, by the header of NumPy's `.npy` format (numpy.lib.format); undefined for
 * one of other numbers, or with columns first.
 */
function parseBytesHeader(bytes: Uint8Array): Header | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length < 12 || buffer.toString("latin1", 0, 6) !== "\x93NUMPY") return undefined;
  const [start, length] = buffer[6] === 1 ? [10, buffer.readUInt16LE(8)] : [12, buffer.readUInt32LE(8)];
  const header = buffer.toString("latin1", start, start + length);
  if (!header.includes("'descr': '|u1'") || !header.includes("'fortran_order': False")) return undefined;
  const shape = /'shape': \(([^)]*)\)/.exec(header)?.[1]?.match(/\d+/g)?.map(Number) ?? [];
  return { shape, start: start + length };
}

async function firstOf(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  for await (const chunk of chunks) return chunk;
  return new Uint8Array();
}

/** An `.npz` file of NumPy: arrays by name. */
export interface Npz {
  /** Reads an array of numbers of any type, in any order. */
  read(name: string): Promise<Numbers>;
  /** Reads one as a float32 tensor, which is the caller's; one of bytes while it is unpacked. */
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
  const read = async (name: string): Promise<Numbers> => {
    const file = await find(name).read();
    const array = readNpy(
      Buffer.from(file.buffer, file.byteOffset, file.length),
      `${name}.npy of ${path}`,
      who,
    );
    return { shape: [...array.shape], data: array.read() };
  };
  return {
    read,
    async readFloats(name) {
      if (parseBytesHeader(await firstOf(find(name).readChunks())) === undefined) {
        const { shape, data } = await read(name);
        return tf.tensor(data, shape, "float32");
      }
      const tensor = await streamFloats(find(name).readChunks(), (first) => parseBytesHeader(first)!);
      if (tensor !== undefined) return tensor;
      throw new InputError({ who, expected: `a whole ${name}.npy in ${path}`, found: "another size" });
    },
  };
}
