import { InputError } from "../../errors.ts";
import { tf } from "../../tensorflow/tf.ts";
import { KerasLayer, only, onlyShape, type LayerArgs } from "./kerasLayer.ts";

/** What becomes of whole numbers: they stay, or a row of a table tells for each place whether, or how often, it occurs. */
export type OutputMode = "int" | "oneHot" | "multiHot" | "count";

/** Numbers below `depth` in one of the forms, as floats, which all layers take. A number by itself stays by itself. */
function encode(numbers: tf.Tensor, depth: number, mode: OutputMode): tf.Tensor {
  if (mode === "int") return numbers.toFloat();
  const ones = tf.oneHot(numbers, depth).toFloat();
  if (mode === "oneHot") return numbers.shape.at(-1) === 1 ? ones.squeeze([numbers.rank - 1]) : ones;
  return mode === "count" ? ones.sum(-2) : ones.max(-2);
}

function shapeFor(shape: tf.Shape, depth: number, mode: OutputMode): tf.Shape {
  if (mode === "int") return [...shape];
  return mode === "oneHot" && shape.at(-1) !== 1 ? [...shape, depth] : [...shape.slice(0, -1), depth];
}

export interface CategoryEncodingSettings {
  numTokens: number;
  outputMode: Exclude<OutputMode, "int">;
}

/** Whole numbers as rows of a table: a one for each number's place, for all numbers of an input, or how often each occurs. */
export class CategoryEncoding extends KerasLayer<CategoryEncodingSettings> {
  static readonly className = "CategoryEncoding";

  constructor(args: LayerArgs & Partial<CategoryEncodingSettings> & { numTokens: number }) {
    super(args, { numTokens: args.numTokens, outputMode: "multiHot" });
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return shapeFor(onlyShape(inputShape), this.settings.numTokens, this.settings.outputMode);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const { numTokens, outputMode } = this.settings;
    return tf.tidy(() => encode(only(inputs).toInt(), numTokens, outputMode));
  }
}

export interface DiscretizationSettings {
  /** Where one part ends and the next begins, in order; a number on it belongs to the part above. */
  binBoundaries: number[];
  outputMode: OutputMode;
}

/** Numbers as the number of the part of the number line that they are in, from 0. */
export class Discretization extends KerasLayer<DiscretizationSettings> {
  static readonly className = "Discretization";

  constructor(args: LayerArgs & Partial<DiscretizationSettings> & { binBoundaries: number[] }) {
    const { binBoundaries } = args;
    if (!Array.isArray(binBoundaries)) {
      const found = `${String(binBoundaries)}`;
      const fix = "adapt the layer in Keras before it is saved, or give the boundaries";
      throw new InputError({
        who: "discretization",
        expected: "binBoundaries: a list of numbers",
        found,
        fix,
      });
    }
    super(args, { binBoundaries, outputMode: "int" });
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const { binBoundaries, outputMode } = this.settings;
    return shapeFor(onlyShape(inputShape), binBoundaries.length + 1, outputMode);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const { binBoundaries, outputMode } = this.settings;
    return tf.tidy(() => {
      const below = only(inputs).expandDims(-1).greaterEqual(tf.tensor1d(binBoundaries, "float32"));
      return encode(below.toInt().sum(-1), binBoundaries.length + 1, outputMode);
    });
  }
}

tf.serialization.registerClass(CategoryEncoding);
tf.serialization.registerClass(Discretization);
