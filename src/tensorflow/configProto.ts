/** The types in which the arithmetic of a compiled function can be done; sums and variables stay float32. */
export type ComputeType = "float32" | "float16" | "bfloat16";

/** How TensorFlow is set up, once for a process. */
export interface SessionOptions {
  /** How many threads an operation may use, and how many operations run at once. Default: one a core, or TensorFlow's own variables. */
  threads?: number | undefined;
}

/**
 * TensorFlow's ConfigProto (tensorflow/core/protobuf/config.proto), serialized. Memory of a GPU is taken as it is needed: TensorFlow would
 * take all of it at once, and a step of training needs far less.
 */
export function sessionConfig({ threads }: SessionOptions): Uint8Array {
  const fields = { intraOpThreads: 2, interOpThreads: 5, gpuOptions: 6 } as const;
  const allowGrowth = 4;
  return Uint8Array.from([
    ...(threads === undefined
      ? []
      : [...integer(fields.intraOpThreads, threads), ...integer(fields.interOpThreads, threads)]),
    ...message(fields.gpuOptions, integer(allowGrowth, 1)),
  ]);
}

/**
 * The ConfigProto for the attribute `config_proto` of a call of a compiled function. With any, TensorFlow improves the graph of the
 * function (Grappler): it folds constants and fuses a convolution or product with its bias and ReLU. For another type than float32 its
 * rewriter puts casts around the operations that gain from it too, and leaves the others alone.
 *
 * @param compute the type that multiplications are done in
 * @param isGpu whether the function runs on a GPU
 */
export function functionConfig(compute: ComputeType, isGpu: boolean): Uint8Array {
  const fields = { graphOptions: 10, rewriteOptions: 10, onGpu: 23, onCpuInBfloat16: 31 } as const;
  const rewriter = isGpu ? fields.onGpu : fields.onCpuInBfloat16;
  const on = 1;
  const rewrites = compute === "float32" ? [] : integer(rewriter, on);
  return Uint8Array.from(message(fields.graphOptions, message(fields.rewriteOptions, rewrites)));
}

/** A field of protobuf that holds a whole number from 0. */
function integer(field: number, value: number): number[] {
  return [...varint(field << 3), ...varint(value)];
}

/** A field of protobuf that holds another message. */
function message(field: number, content: number[]): number[] {
  return [...varint((field << 3) | 2), ...varint(content.length), ...content];
}

/** Seven bits a byte, the lowest first; the eighth says that more follow. */
function varint(value: number): number[] {
  const low = value & 0x7f;
  return value < 0x80 ? [low] : [low | 0x80, ...varint(value >>> 7)];
}
