import { InputError } from "../../errors.ts";
import { readBytes } from "./archives/readBytes.ts";
import type { Numbers } from "./numbers.ts";

/**
 * Reads a file in the format of the original MNIST, idx, of unsigned bytes, gzipped or not.
 *
 * @throws InputError when it is none, or cut short
 */
export async function readIdx(path: string, who: string): Promise<Numbers> {
  const bytes = await readBytes(path, who);
  const rank = bytes.length > 4 && bytes.readUInt16BE(0) === 0 && bytes[2] === 8 ? bytes[3]! : 0;
  const shape = Array.from({ length: rank }, (_, axis) =>
    bytes.length >= 8 + 4 * axis ? bytes.readUInt32BE(4 + 4 * axis) : -1,
  );
  const data = bytes.subarray(4 + 4 * rank);
  if (rank === 0 || data.length !== shape.reduce((a, b) => a * b, 1)) {
    const expected = "a whole idx file of unsigned bytes";
    const found = `${path}, ${bytes.length} bytes${rank > 0 ? ` for ${shape.join("x")}` : ""}`;
    throw new InputError({ who, expected, found, fix: "remove it and get it again" });
  }
  return { shape, data };
}
