import { floatWriter, type FloatWriter } from "../../tensorflow/floatWriter.ts";
import { tf } from "../../tensorflow/tf.ts";

/** What the first bytes of a file say of the numbers that follow them. */
export interface Header {
  shape: number[];
  /** Where the numbers begin. */
  start: number;
}

/**
 * Reads bytes as a float32 tensor, while those that follow are still unpacked on another thread. The system gives memory when it is first
 * written, which takes longer than unpacking does: so it is asked for once, for the tensor.
 *
 * @param chunks a file's content in pieces, of which the first one holds the header
 * @param parse reads the header; throws when it is none
 * @returns undefined when there are more or fewer bytes than the header says
 */
export async function streamFloats(
  chunks: AsyncIterable<Uint8Array>,
  parse: (first: Uint8Array) => Header,
): Promise<tf.Tensor | undefined> {
  let writer: FloatWriter | undefined;
  let size = 0;
  try {
    for await (const chunk of chunks) {
      if (writer !== undefined) writer.write(chunk);
      else {
        const { shape, start } = parse(chunk);
        size = tf.util.sizeFromShape(shape);
        writer = floatWriter(shape);
        writer.write(chunk.subarray(start));
      }
    }
    if (writer?.count !== size) return undefined;
    const whole = writer.end();
    writer = undefined;
    return whole;
  } finally {
    writer?.cancel();
  }
}
