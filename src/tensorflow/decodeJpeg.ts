import { attribute } from "./attributes.ts";
import type { GraphOutput, Pointer } from "./capi.ts";
import type { Context } from "./context.ts";
import { dataTypes } from "./dataTypes.ts";
import { CompiledFunction } from "./graph/compiledFunction.ts";
import { Graph } from "./graph/graph.ts";
import { currentRuntime } from "./runtime.ts";
import { describeHandle, newHandle, readHandle } from "./tensorData.ts";

/** Pixels of a JPEG picture: rows from the top, channels beside one another. */
export interface JpegPixels {
  data: Uint8Array;
  height: number;
  width: number;
  channels: number;
}

/** A JPEG file: what it holds, and the picture in it; of a file that is cut short it is another, of one pixel. */
export interface JpegFile {
  contents: Uint8Array;
  /** Its data are overwritten when whoever was given them has returned. */
  pixels: JpegPixels;
}

/** How a picture is decoded. */
export interface JpegManner {
  /** The cosine transform: exact, or TensorFlow's own choice, which is the faster one and off by some levels. */
  transform: "INTEGER_ACCURATE" | "";
  /** 1 for grey, 3 for colour, 0 for what the file has. */
  channels: 0 | 1 | 3;
}

/** As Pillow decodes, to the very numbers: both are libjpeg-turbo. */
export const exactly: JpegManner = { transform: "INTEGER_ACCURATE", channels: 0 };

const text = attribute.type("T", dataTypes.string);
const outputOf = (oper: Pointer): GraphOutput => ({ oper, index: 0 });

/** The strings of a list as `count` outputs, and outputs as a list. */
const partsOf = (graph: Graph, list: GraphOutput, count: number): GraphOutput[] => {
  const oper = graph.add("Unpack", [list], { attributes: [attribute.int("num", count), text] });
  return Array.from({ length: count }, (_, index) => ({ oper, index }));
};
const listOf = (graph: Graph, parts: readonly GraphOutput[]): GraphOutput =>
  outputOf(graph.add("Pack", parts, { attributes: [attribute.int("N", parts.length), text] }));

/**
 * Files' contents, with a picture of one pixel instead of those that do not end as a JPEG file does: a file that is cut short shall
 * not spoil the others, nor make libjpeg print to the terminal.
 */
function replaceCut(graph: Graph, contents: GraphOutput): GraphOutput {
  const pixel = graph.constant(dataTypes.uint8, [1, 1, 1], Uint8Array.of(0));
  const picture = outputOf(graph.add("EncodeJpeg", [pixel]));
  const [from, length] = [-2, 2].map((number) =>
    graph.constant(dataTypes.int32, [], Int32Array.of(number)),
  ) as [GraphOutput, GraphOutput];
  const endOf = (strings: GraphOutput) =>
    outputOf(
      graph.add("Substr", [strings, from, length], { attributes: [attribute.type("T", dataTypes.int32)] }),
    );
  const isWhole = outputOf(graph.add("Equal", [endOf(contents), endOf(picture)], { attributes: [text] }));
  return outputOf(graph.add("SelectV2", [isWhole, contents, picture], { attributes: [text] }));
}

/** A function of several files, or of several files' contents: the pixels of each; of files also their contents, as one tensor. */
function newDecoder(
  context: Context,
  count: number,
  ofFiles: boolean,
  { transform, channels }: JpegManner,
): CompiledFunction {
  const graph = new Graph(context);
  try {
    const sources = graph.input(dataTypes.string, [count]);
    const files = ofFiles
      ? listOf(
          graph,
          partsOf(graph, sources, count).map((path) => outputOf(graph.add("ReadFile", [path]))),
        )
      : undefined;
    const attributes = [attribute.text("dct_method", transform), attribute.int("channels", channels)];
    const pixels = partsOf(graph, files ? replaceCut(graph, files) : sources, count).map((bytes) =>
      outputOf(graph.add("DecodeJpeg", [bytes], { attributes })),
    );
    const outputs = files ? [...pixels, files] : pixels;
    return new CompiledFunction(context, graph.toFunction(outputs), outputs.length);
  } finally {
    graph.close();
  }
}

/** Pictures of up to so many bytes are copied to one place, again and again: fresh memory takes longer than the copy. */
const smallPicture = 2 ** 22;

/** TensorFlow's decoder of JPEG, on other threads. */
export class JpegDecoder {
  readonly #context: Context;
  /** Functions that do not run now, by what they are of: each runs once at a time. */
  readonly #idle = new Map<string, CompiledFunction[]>();
  #place = new Uint8Array(0);

  constructor(context: Context) {
    this.#context = context;
  }

  /**
   * Decodes what a file holds.
   *
   * @throws Error, TensorFlow's, for what it cannot decode
   */
  async decode(bytes: Uint8Array, manner = exactly): Promise<JpegPixels> {
    return this.#run([bytes], false, manner, ([pixels]) =>
      this.#read(pixels!, (size) => new Uint8Array(size)),
    );
  }

  /**
   * Reads and decodes files side by side in one call, which takes a fraction of what as many calls take beside the decoding.
   *
   * @param use is given one file after the other
   * @returns what `use` made of each
   * @throws Error, TensorFlow's, when one of them cannot be read or decoded
   */
  async decodeFiles<Result>(
    paths: readonly string[],
    use: (file: JpegFile) => Result,
    manner = exactly,
  ): Promise<Result[]> {
    const names = paths.map((path) => Buffer.from(path));
    return this.#run(names, true, manner, (outputs) => {
      const contents = readHandle(this.#context, outputs[paths.length]!) as Uint8Array[];
      return contents.map((bytes, index) =>
        use({ contents: bytes, pixels: this.#read(outputs[index]!, (size) => this.#placeOf(size)) }),
      );
    });
  }

  #placeOf(size: number): Uint8Array {
    if (size > smallPicture) return new Uint8Array(size);
    if (size > this.#place.length) this.#place = new Uint8Array(size);
    return this.#place.subarray(0, size);
  }

  /** Copies the pixels of a handle. */
  #read(handle: Pointer, placeOf: (size: number) => Uint8Array): JpegPixels {
    const { c, status, check } = this.#context;
    const { shape } = describeHandle(this.#context, handle);
    const [height, width, channels] = shape as [number, number, number];
    const tensor = c.TFE_TensorHandleResolve(handle, status);
    check("DecodeJpeg");
    const data = placeOf(height * width * channels);
    c.memcpy(data, c.TF_TensorData(tensor!), data.length);
    c.TF_DeleteTensor(tensor!);
    return { data, height, width, channels };
  }

  async #run<Result>(
    sources: Uint8Array[],
    ofFiles: boolean,
    manner: JpegManner,
    read: (outputs: readonly Pointer[]) => Result,
  ): Promise<Result> {
    const { c } = this.#context;
    const key = JSON.stringify([sources.length, ofFiles, manner]);
    const decoder = this.#idle.get(key)?.pop() ?? newDecoder(this.#context, sources.length, ofFiles, manner);
    const input = newHandle(this.#context, [sources.length], dataTypes.string, sources);
    try {
      const outputs = await decoder.runAsync([input]);
      try {
        return read(outputs);
      } finally {
        for (const output of outputs) c.TFE_DeleteTensorHandle(output);
      }
    } finally {
      c.TFE_DeleteTensorHandle(input);
      this.#idle.set(key, [...(this.#idle.get(key) ?? []), decoder]);
    }
  }
}

const decoders = new WeakMap<Context, JpegDecoder>();

/** The decoder, where TensorFlow is what runs the tensors. */
export function jpegDecoder(): JpegDecoder | undefined {
  const context = currentRuntime()?.context;
  if (context === undefined) return undefined;
  let decoder = decoders.get(context);
  if (decoder === undefined) decoders.set(context, (decoder = new JpegDecoder(context)));
  return decoder;
}
