import { InputError } from "../../errors.ts";
import { tf } from "../../tensorflow/tf.ts";
import { showShape } from "../advice/layerShapes.ts";
import { adviseTargetShape } from "../advice/targets.ts";
import type { Batch, FlatBatch, Tensors } from "./batches.ts";
import { weightsByClass, type ClassWeight } from "./sampleWeights.ts";
import { isNumbers, tensorOf } from "./tensorOf.ts";
import { namedLoss, type TrainableModel } from "./trainableModel.ts";

type Shape = readonly (number | null)[];

/** Reads data into tensors, and keeps those that it makes of arrays. */
interface Reading {
  who: string;
  made: tf.Tensor[];
}

/** The values of each input or output, in order. */
function listOf(values: Tensors, names: string[]): unknown[] {
  // Where there are several, as many arrays are one for each.
  const isForEach = (list: readonly unknown[]) =>
    names.length > 1 && list.length === names.length && list.every((one) => typeof one === "object");
  if (values instanceof tf.Tensor || (isNumbers(values) && !isForEach(values as unknown[]))) return [values];
  return Array.isArray(values)
    ? (values as unknown[])
    : names.map((name) => (values as Record<string, unknown>)[name]);
}

/** What to do about data that are no numbers, by what they are. */
const fixes: Readonly<Record<string, string>> = {
  "a promise": "await it",
  "a text": "read pictures by await loadImage(path)",
  texts: "number the classes from 0",
};

/** What somebody has given for tensors. */
function describe(values: unknown): string {
  if (values instanceof Promise) return "a promise";
  if (typeof values === "string") return "a text";
  if (Array.isArray(values)) return typeof values[0] === "string" ? "texts" : String(values.length);
  return typeof values === "object" ? `keys ${Object.keys(values!).join(", ")}` : `a ${typeof values}`;
}

function flatten(
  values: Tensors | undefined,
  names: string[],
  what: string,
  { who, made }: Reading,
): tf.Tensor[] {
  if (values === undefined || values === null) {
    throw new InputError({ who, expected: `batches { xs, ys }`, found: `a batch without ${what}` });
  }
  const list = listOf(values, names).map((one) => {
    if (!isNumbers(one)) return one;
    const tensor = tensorOf(one, `${who}, ${what}`);
    made.push(tensor);
    return tensor;
  });
  const isTensor = (one: unknown) => one instanceof tf.Tensor;
  if (list.length !== names.length || !list.every(isTensor)) {
    const found = describe(values);
    const expected = `${names.length} ${names.length === 1 ? "tensor" : "tensors"} ${what} (${names.join(", ")})`;
    const isSamples = names.length === 1 && list.length > 1 && list.every(isTensor);
    const fix = isSamples ? "make one of several samples by tf.stack(tensors)" : fixes[found];
    throw new InputError({ who, expected, found, ...(fix && { fix }) });
  }
  return list as tf.Tensor[];
}

function isShape(shape: Shape, expected: Shape): boolean {
  // Whole data may have more samples than a model of a fixed batch size takes at a time.
  const fits = (length: number | null, axis: number) =>
    axis === 0 || length === null || length === shape[axis];
  return shape.length === expected.length && expected.every(fits);
}

/** The shape that a loss wants of its targets; unknown for a function of the user's. */
function targetShape(model: TrainableModel, output: number): Shape | undefined {
  const name = namedLoss(model, output)?.name;
  if (name === undefined) return undefined;
  const { shape } = model.outputs[output]!;
  return name === "sparseCategoricalCrossentropy" ? [...shape.slice(0, -1), 1] : shape;
}

/** The shape that targets need: the loss's, or where that is unknown the output's. */
const wantedShape = (model: TrainableModel, output: number) =>
  targetShape(model, output) ?? model.outputs[output]!.shape;

/** Whether a tensor has one axis too few, which would be of length 1. */
const lacksLastAxis = ({ shape }: tf.Tensor, wanted: Shape): boolean =>
  shape.length < wanted.length && isShape([...shape, 1], wanted);

/** The weights of samples for each output. One tensor is for all outputs, as in Keras. */
function orderWeights(model: TrainableModel, weights: Tensors, size: number, reading: Reading): tf.Tensor[] {
  const { outputs, outputNames } = model;
  const { who } = reading;
  const isOne = listOf(weights, outputNames).length === 1;
  const given = flatten(weights, isOne ? ["one for all"] : outputNames, "sampleWeight", reading);
  const list = isOne ? outputs.map(() => given[0]!) : given;
  list.forEach(({ shape }, index) => {
    const places = outputs[index]!.shape.slice(0, -1);
    // A last axis of length 1 is none.
    const own = shape.at(-1) === 1 ? shape.slice(0, -1) : shape;
    const fits = own.every((length, axis) =>
      axis === 0 ? length === size : (places[axis] ?? length) === length,
    );
    if (shape[0] === size && own.length <= Math.max(places.length, 1) && fits) return;
    const each = places.length > 1 ? `, or ${showShape([size, ...places.slice(1)])} for each place` : "";
    throw new InputError({
      who,
      expected: `sampleWeight of shape [${size}]${each}`,
      found: showShape(shape),
      ...(list.length > 1 && { fix: "weights that differ between outputs are passed by their names" }),
    });
  });
  return list;
}

/** Inputs in order. Refuses what the model cannot take. */
function orderInputs(model: TrainableModel, xs: Tensors, reading: Reading): tf.Tensor[] {
  const { who } = reading;
  const inputs = flatten(xs, model.inputNames, "xs", reading);
  inputs.forEach((input, index) => {
    const { shape } = model.inputs[index]!;
    if (isShape(input.shape, shape) || lacksLastAxis(input, shape)) return;
    const name = model.inputNames.length > 1 ? `xs ${model.inputNames[index]}` : "xs";
    const expected = `${name} of shape ${showShape(shape)}`;
    const isOne = isShape([1, ...input.shape], shape);
    const fix = isOne
      ? "a single sample is a batch too: x.expandDims(0)"
      : "look at targetSize, colorMode or inputShape";
    throw new InputError({ who, expected, found: showShape(input.shape), fix });
  });
  return inputs;
}

const addLastAxis = (tensor: tf.Tensor, wanted: Shape): tf.Tensor =>
  lacksLastAxis(tensor, wanted) ? tf.expandDims(tensor, -1) : tensor;

/** Inputs in order, each with its last axis; those that had it stay the same objects. Call it in a tidy. */
export function completeInputs(model: TrainableModel, xs: Tensors, who: string): tf.Tensor[] {
  return orderInputs(model, xs, { who, made: [] }).map((input, index) =>
    addLastAxis(input, model.inputs[index]!.shape),
  );
}

function checkTarget(model: TrainableModel, index: number, target: tf.Tensor, who: string): void {
  const wanted = targetShape(model, index);
  if (wanted === undefined || isShape(target.shape, wanted) || lacksLastAxis(target, wanted)) return;
  const question = { who, output: model.outputs[index]!, loss: namedLoss(model, index)?.name };
  const advice = adviseTargetShape(question, target.shape);
  if (advice !== undefined) throw new InputError(advice);
  const name = model.outputNames.length > 1 ? `ys ${model.outputNames[index]}` : "ys";
  const expected = `${name} of shape ${showShape(wanted)}`;
  const fix = "look at classMode, the last layer and the loss";
  throw new InputError({ who, expected, found: showShape(target.shape), fix });
}

export interface OrderOptions {
  who: string;
  /** The weights of classes for each output. Default: samples count as their own weights say, or alike. */
  classWeights?: readonly (ClassWeight | undefined)[] | undefined;
}

function order(
  model: TrainableModel,
  { xs, ys, sampleWeight }: Batch,
  classWeights: OrderOptions["classWeights"],
  reading: Reading,
): FlatBatch {
  const { who, made } = reading;
  const inputs = orderInputs(model, xs, reading);
  const targets = flatten(ys, model.outputNames, "ys", reading);
  targets.forEach((target, index) => checkTarget(model, index, target, who));
  const tensors = [...inputs, ...targets];
  const size = inputs[0]!.shape[0];
  const odd = tensors.find(({ shape }) => shape[0] !== size);
  if (odd) throw new InputError({ who, expected: "as many ys as xs", found: `${size} and ${odd.shape[0]}` });
  if (size === 0) throw new InputError({ who, expected: "samples", found: "none" });
  if (sampleWeight !== undefined && classWeights !== undefined)
    throw new InputError({ who, expected: "sampleWeight or classWeight", found: "both" });
  if (sampleWeight !== undefined) tensors.push(...orderWeights(model, sampleWeight, size, reading));
  return { tensors, size, made };
}

/**
 * Puts a batch in order, inputs, targets and weights of samples, and checks it against the model. The tensors stay the same
 * objects; arrays of numbers become tensors, which `made` lists.
 */
export function orderBatch(
  model: TrainableModel,
  batch: Batch,
  { who, classWeights }: OrderOptions,
): FlatBatch {
  const made: tf.Tensor[] = [];
  try {
    return order(model, batch, classWeights, { who, made });
  } catch (error) {
    tf.dispose(made);
    throw error;
  }
}

/**
 * Makes of an ordered batch what the train function wants. Inputs and targets that lack their last axis get one, as in Keras:
 * `[16]` against an output of `[16, 1]` would broadcast to `[16, 16]` unnoticed. Weights of classes become weights of samples.
 * The other tensors stay the same objects.
 */
export function completeBatch(
  model: TrainableModel,
  tensors: readonly tf.Tensor[],
  classWeights: OrderOptions["classWeights"],
): tf.Tensor[] {
  const { inputs, outputs } = model;
  const wanted = [
    ...inputs.map(({ shape }) => shape),
    ...outputs.map((_, index) => wantedShape(model, index)),
  ];
  const whole = tensors.map((tensor, index) => {
    const shape = wanted[index];
    return shape ? addLastAxis(tensor, shape) : tensor;
  });
  classWeights?.forEach((weights, output) =>
    whole.push(weightsByClass(tensors[inputs.length + output]!, weights)),
  );
  return whole;
}
