import type { BadInput } from "../../errors.ts";
import { tf } from "../../tensorflow/tf.ts";
import { showShape } from "./layerShapes.ts";

type Shape = readonly (number | null)[];

/** What targets are compared with. */
export interface TargetQuestion {
  /** The function that was asked, as "fit". */
  who: string;
  /** The output of the model. */
  output: tf.SymbolicTensor;
  /** The name of its loss, where it has one. */
  loss: string | undefined;
}

/**
 * The first dense layer on the way to an output that works on maps, and what gives it these; undefined where there is a
 * flatten or a pooling between.
 */
function denseOnMaps(
  output: tf.SymbolicTensor,
): { dense: tf.layers.Layer; maps: tf.SymbolicTensor } | undefined {
  let found: ReturnType<typeof denseOnMaps>;
  for (let tensor = output; tensor.rank > 2 && tensor.inputs?.length === 1; tensor = tensor.inputs[0]!) {
    const { sourceLayer } = tensor;
    if (sourceLayer.getClassName() === "Dense") found = { dense: sourceLayer, maps: tensor.inputs[0]! };
    else if (/Conv|Pooling/.test(sourceLayer.getClassName())) break;
  }
  return found;
}

/**
 * What is wrong with targets whose shape the loss cannot use. Ask when the shapes differ: a dense layer that works on each
 * place of a map may be meant.
 *
 * @param shape the shape of the targets
 * @returns undefined where nothing better is known than that the shapes differ
 */
export function adviseTargetShape({ who, output, loss }: TargetQuestion, shape: Shape): BadInput | undefined {
  const mapped = shape.length <= 2 ? denseOnMaps(output) : undefined;
  if (mapped !== undefined) {
    const { dense, maps } = mapped;
    return {
      who: dense.name,
      expected: "vectors, [batch, features]",
      found: `the maps of ${maps.sourceLayer.name}, ${showShape(maps.shape)}`,
      fix: "add tf.layers.flatten(), or a global pooling, before it",
    };
  }
  const classes = output.shape.at(-1) ?? 0;
  const isNumbers = shape.length === output.rank - 1 || (shape.length === output.rank && shape.at(-1) === 1);
  if (/^categorical/i.test(loss ?? "") && classes > 1 && isNumbers) {
    return {
      who,
      expected: `one-hot targets ${showShape(output.shape)} for ${loss}`,
      found: `${showShape(shape)}, which look like the numbers of classes`,
      fix: `use loss: "sparseCategoricalCrossentropy", or tf.oneHot(labels, ${classes})`,
    };
  }
  if (/^sparse/i.test(loss ?? "") && shape.length === output.rank && shape.at(-1) === classes) {
    return {
      who,
      expected: `the numbers of classes ${showShape(output.shape.slice(0, -1))} for ${loss}`,
      found: `${showShape(shape)}, which look one-hot`,
      fix: 'use loss: "categoricalCrossentropy", or labels.argMax(-1)',
    };
  }
  return undefined;
}

/** Least and largest values, whether all are whole, and how far sums over the last axis are from 1. */
async function measure(
  target: tf.Tensor,
): Promise<{ least: number; most: number; whole: boolean; odd: number }> {
  const measured = tf.tidy(() => {
    const values = target.toFloat();
    const fraction = tf.max(tf.abs(tf.sub(values, tf.round(values))));
    const odd = values.rank > 0 ? tf.max(tf.abs(tf.sub(tf.sum(values, -1), 1))) : tf.scalar(0);
    return tf.stack([tf.min(values), tf.max(values), fraction, odd]);
  });
  const [least = 0, most = 0, fraction = 0, odd = 0] = await measured.data();
  measured.dispose();
  return { least, most, whole: fraction === 0, odd };
}

/**
 * What is wrong with the values of targets whose shape fits: class numbers that the model has no output for, rows that are
 * not one-hot, answers yes and no that are neither 0 nor 1. Reads the values: ask with the first batch only.
 */
export async function adviseTargetValues(
  { who, output, loss }: TargetQuestion,
  target: tf.Tensor,
): Promise<BadInput | undefined> {
  const kind = /^(sparse|categorical|binary)_?(categorical)?_?(focal)?_?crossentropy$/i.exec(loss ?? "")?.[1];
  if (kind === undefined || target.size === 0) return undefined;
  const classes = output.shape.at(-1)!;
  const { least, most, whole, odd } = await measure(target);
  const found = `values from ${Number(least.toPrecision(4))} to ${Number(most.toPrecision(4))}`;
  if (kind.toLowerCase() === "sparse") {
    if (whole && least >= 0 && most < classes) return undefined;
    const fix =
      most === classes && whole
        ? "count classes from 0"
        : `give the last layer as many units as there are classes`;
    return { who, expected: `class numbers from 0 to ${classes - 1} for ${loss}`, found, fix };
  }
  if (kind.toLowerCase() === "categorical") {
    // Soft targets, as label smoothing and mixed pictures make them, still have a sum of 1.
    if (least >= 0 && odd < 1e-3) return undefined;
    const fix = `make them by tf.oneHot(labels, ${classes}), or use loss: "binaryCrossentropy" where several can be true`;
    const what = least >= 0 && most <= 1 ? "rows with another sum" : found;
    return { who, expected: `targets whose rows have a sum of 1 for ${loss}`, found: what, fix };
  }
  if (least >= 0 && most <= 1) return undefined;
  const fix =
    least === -1 ? 'use 0 for -1, or loss: "hinge"' : 'use loss: "meanSquaredError" for other numbers';
  return { who, expected: `targets from 0 to 1 for ${loss}`, found, fix };
}
