import type { Dataset, Group } from "h5wasm/node";
import { InputError } from "../../errors.ts";
import { tf } from "../../tensorflow/tf.ts";
import { groupAt, makeGroup } from "./hdf5.ts";
import { toFloat32, type HalfType, type NumberArray } from "./numbers.ts";
import { isLarge, rowsOfPiece, type SavedWeight, type WeightSource } from "./weight.ts";

/** HDF5's classes of types that hold numbers, and the one that says nothing about its bytes. */
const classes = { integer: 0, float: 1, opaque: 5 };

/** The number format that HDF5's library has no array for. */
function halfType(dataset: Dataset): HalfType | undefined {
  const { type, size } = dataset.metadata;
  if (size !== 2) return undefined;
  if (type === classes.float) return "float16";
  // Keras writes two bytes without a meaning and says beside them what they are.
  return type === classes.opaque && dataset.attrs.dtype?.value === "bfloat16" ? "bfloat16" : undefined;
}

/** What the library returned, as an array of numbers, or of 16 bits each for half precision. */
function toArray(value: unknown, half: HalfType | undefined): NumberArray {
  if (typeof value === "number") return Float64Array.of(value);
  if (typeof value === "bigint") return BigInt64Array.of(value);
  const bytes = value as Uint8Array;
  return half === "bfloat16" ? new Uint16Array(bytes.buffer, 0, bytes.byteLength / 2) : bytes;
}

/** The numbers of a dataset: all at once, or where they are many in pieces of whole rows. */
function* readPieces(dataset: Dataset, shape: number[]): Generator<Float32Array, void, undefined> {
  const half = halfType(dataset);
  // As integers the library hands out the bits.
  if (half === "float16") dataset.metadata.type = classes.integer;
  const convert = (value: unknown) => toFloat32(toArray(value, half), half);
  if (!isLarge(shape)) return yield convert(dataset.value);
  const rows = rowsOfPiece(shape);
  const all = shape.slice(1).map((): [] => []);
  for (let row = 0; row < shape[0]!; row += rows) {
    yield convert(dataset.slice([[row, Math.min(row + rows, shape[0]!)], ...all]));
  }
}

function readAll(dataset: Dataset, shape: number[]): Float32Array {
  const values = new Float32Array(tf.util.sizeFromShape(shape));
  let place = 0;
  for (const piece of readPieces(dataset, shape)) {
    values.set(piece, place);
    place += piece.length;
  }
  return values;
}

/** The numbers of a dataset, whatever their type, as float32; read when they are wanted. */
export function readWeight(parent: Group, path: string, who: string): SavedWeight {
  const cut = path.lastIndexOf("/");
  const group = cut < 0 ? parent : groupAt(parent, path.slice(0, cut), who);
  const name = path.slice(cut + 1);
  if (!group.keys().includes(name)) {
    throw new InputError({ who, expected: `weight "${path}" in the file`, found: "none" });
  }
  const dataset = group.get(name) as Dataset;
  const { type } = dataset.metadata;
  if (type !== classes.integer && type !== classes.float && halfType(dataset) === undefined) {
    throw new InputError({
      who,
      expected: `weight "${path}" of numbers`,
      found: JSON.stringify(dataset.dtype),
    });
  }
  const shape = dataset.shape ?? [];
  return {
    shape,
    mayFail: dataset.filters.length > 0,
    read: () => readAll(dataset, shape),
    pieces: () => readPieces(dataset, shape),
  };
}

/** Writes numbers as float32 below `parent`, in groups that are made where they are missing. */
export async function writeWeight(parent: Group, path: string, source: WeightSource): Promise<void> {
  const cut = path.lastIndexOf("/");
  const group = cut < 0 ? parent : makeGroup(parent, path.slice(0, cut));
  const name = path.slice(cut + 1);
  const { shape } = source;
  if (!isLarge(shape)) {
    for await (const data of source.pieces()) group.create_dataset({ name, data, shape, dtype: "<f" });
    return;
  }
  // The library copies what it is given into memory of its own that never shrinks: large weights go there piece by piece.
  const rest = shape.slice(1);
  const dataset = group.create_dataset({
    name,
    data: new Float32Array(0),
    shape: [0, ...rest],
    maxshape: shape,
    chunks: [rowsOfPiece(shape), ...rest],
    dtype: "<f",
  });
  dataset.resize(shape);
  const all = rest.map((): [] => []);
  const rowSize = tf.util.sizeFromShape(rest);
  let row = 0;
  for await (const piece of source.pieces()) {
    const end = row + piece.length / rowSize;
    dataset.write_slice([[row, end], ...all], piece);
    row = end;
  }
}
