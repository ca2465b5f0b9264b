import { tf } from "../../tensorflow/tf.ts";

/** Numbers in a file, read when they are wanted. */
export interface SavedWeight {
  shape: number[];
  /** Whether reading can still fail, as a compressed part may be damaged inside. */
  mayFail: boolean;
  read(): Float32Array;
  /** The same in pieces, so that a large one is never in memory twice. Not where the file is in memory as a whole. */
  pieces?(): Iterable<Float32Array>;
}

/** Numbers to be written, given in pieces of whole rows, so that a large weight is never in memory twice. */
export interface WeightSource {
  shape: number[];
  pieces(): AsyncIterable<Float32Array>;
}

/** How many bytes of a weight are held at once where it is read or written in pieces. */
const pieceBytes = 16 << 20;

/** How many rows make a piece. */
export function rowsOfPiece(shape: readonly number[]): number {
  const rowBytes = 4 * tf.util.sizeFromShape(shape.slice(1));
  return Math.max(1, Math.floor(pieceBytes / Math.max(1, rowBytes)));
}

/** Whether a weight is so large that it is handled in pieces. */
export function isLarge(shape: readonly number[]): boolean {
  return shape.length > 0 && 4 * tf.util.sizeFromShape([...shape]) >= 4 * pieceBytes;
}

/** Values that TensorFlow.js still holds as an array because no operation has used them yet. */
function heldValues(tensor: tf.Tensor): Float32Array | undefined {
  const { tensorMap } = tf.backend() as unknown as {
    tensorMap?: { get(id: object): { values?: Float32Array | null } | undefined };
  };
  return tensorMap?.get(tensor.dataId)?.values ?? undefined;
}

/** The values of a tensor in pieces. Memory for a copy of all of a large one is not taken. */
export function sourceOf(tensor: tf.Tensor): WeightSource {
  const { shape } = tensor;
  return {
    shape,
    async *pieces() {
      const held = heldValues(tensor);
      if (!isLarge(shape)) {
        yield held ?? ((await tensor.data()) as Float32Array);
        return;
      }
      const rows = rowsOfPiece(shape);
      const rowSize = tf.util.sizeFromShape(shape.slice(1));
      for (let row = 0; row < shape[0]; row += rows) {
        const count = Math.min(rows, shape[0] - row);
        if (held) {
          yield held.subarray(row * rowSize, (row + count) * rowSize);
          continue;
        }
        const piece = tensor.slice([row], [count]);
        const values = await piece.data().finally(() => piece.dispose());
        yield values as Float32Array;
      }
    },
  };
}

/** Values that are already here, as a weight to be written. */
export function sourceOfValues(shape: number[], values: Float32Array): WeightSource {
  return {
    shape,
    // eslint-disable-next-line @typescript-eslint/require-await
    async *pieces() {
      yield values;
    },
  };
}

/** All pieces of a weight as one array. */
export async function collect(source: WeightSource): Promise<Float32Array> {
  const whole = new Float32Array(tf.util.sizeFromShape(source.shape));
  let place = 0;
  for await (const piece of source.pieces()) {
    whole.set(piece, place);
    place += piece.length;
  }
  return whole;
}
