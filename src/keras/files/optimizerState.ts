import type { Group } from "h5wasm/node";
import { tf } from "../../tensorflow/tf.ts";
import { slotName } from "../compiled/optimizerUpdates.ts";
import { findGroup, writeStrings } from "./hdf5.ts";
import { readWeight, writeWeight } from "./hdf5Weights.ts";
import { snakeCase } from "./layerClass.ts";
import { collect, sourceOf, sourceOfValues, type SavedWeight, type WeightSource } from "./weight.ts";

/** What an optimizer remembers of one variable; TensorFlow.js keeps it out of its types. */
interface Slot {
  originalName: string;
  variable: tf.Variable;
}

/** What the classes of TensorFlow.js have, and their types hide. */
type Fields = Record<string, Slot[] | undefined>;

interface Internals {
  learningRate: number;
  momentum?: number;
  centered?: boolean;
  amsgrad?: boolean;
  averaging?: object | undefined;
  initialAccumulatorValue?: number;
  iterations_?: number;
  accBeta1?: tf.Variable;
  accBeta2?: tf.Variable;
  beta1?: number;
  beta2?: number;
  iteration?: tf.Variable;
  /** Our own optimizers have Keras' arithmetic, and make the slots of variables by this. */
  prepare?(variables: readonly tf.Variable[]): void;
}

type SlotList = [name: string, field: string][];

/**
 * What Keras keeps for each variable, and the field that has it here. Keras stores what one list names variable after variable
 * and list after list.
 */
function layoutOf(optimizer: tf.Optimizer): SlotList[] {
  const { averaging } = optimizer as unknown as Internals;
  const averages: SlotList[] = averaging ? [[["average", "averages"]]] : [];
  return [...averages, ...ownLayoutOf(optimizer)];
}

/** The same of what the class itself remembers. */
function ownLayoutOf(optimizer: tf.Optimizer): SlotList[] {
  const { momentum = 0, centered = false, amsgrad = false } = optimizer as unknown as Internals;
  const moments: [string, string] = ["momentum", "accumulatedFirstMoment"];
  const both = [moments, ["velocity", "accumulatedSecondMoment"]] as [string, string][];
  switch (optimizer.getClassName()) {
    case "Momentum":
      return [[["momentum", "accumulations"]]];
    case "RMSProp":
      return [
        [["velocity", "accumulatedMeanSquares"]],
        ...(momentum > 0 ? [[["momentum", "accumulatedMoments"] as [string, string]]] : []),
        ...(centered ? [[["average_gradient", "accumulatedMeanGrads"] as [string, string]]] : []),
      ];
    case "Adam":
    case "AdamW":
      return [
        both,
        ...(amsgrad ? [[["velocity_hat", "accumulatedSecondMomentMax"] as [string, string]]] : []),
      ];
    case "Adamax":
      return [[moments, ["norm", "accumulatedWeightedInfNorm"]]];
    case "Adagrad":
      return [[["accumulator", "accumulatedGrads"]]];
    case "Adadelta":
      return [
        [
          ["accumulated_grad", "accumulatedGrads"],
          ["accumulated_delta_var", "accumulatedUpdates"],
        ],
      ];
    case "Lion":
      return [[moments]];
    default:
      return [];
  }
}

/** The optimizer and the variables that it changes, in the order in which Keras stores what belongs to them. */
function partsOf(model: tf.LayersModel): { optimizer: tf.Optimizer; variables: tf.Variable[] } {
  const weights = model.trainableWeights as unknown as { read(): tf.Variable }[];
  return { optimizer: model.optimizer, variables: weights.map((weight) => weight.read()) };
}

/** TensorFlow.js' gradient descent remembers the mean gradient, Keras' the step: the learning rate lies between them. */
function stepFactor(optimizer: tf.Optimizer): number {
  const internals = optimizer as unknown as Internals;
  return optimizer.getClassName() === "Momentum" && !("prepare" in internals) ? -internals.learningRate : 1;
}

/** What an optimizer remembers, in Keras' order. */
export interface OptimizerState {
  name: string;
  iterations: number;
  learningRate: number;
  slots: { name: string; source: WeightSource }[];
}

/** What a model's optimizer remembers; undefined before the first step. */
export async function stateOf(model: tf.LayersModel): Promise<OptimizerState | undefined> {
  const { optimizer, variables } = partsOf(model);
  const { learningRate } = optimizer as unknown as Internals;
  if (optimizer.iterations === 0) return undefined;
  const fields = optimizer as unknown as Fields;
  const factor = stepFactor(optimizer);
  const slots: OptimizerState["slots"] = [];
  for (const list of layoutOf(optimizer)) {
    for (const [index, variable] of variables.entries()) {
      for (const [name, field] of list) {
        const all = fields[field] ?? [];
        const slot =
          all.find(({ originalName }) => originalName.startsWith(`${variable.name}/`)) ?? all[index];
        const source = slot
          ? sourceOf(slot.variable)
          : sourceOfValues(variable.shape, new Float32Array(variable.size));
        const scaled =
          factor === 1
            ? source
            : sourceOfValues(
                variable.shape,
                (await collect(source)).map((value) => value * factor),
              );
        slots.push({ name: `${variable.name.replaceAll("/", "_")}_${name}`, source: scaled });
      }
    }
  }
  return { name: snakeCase(optimizer.getClassName()), iterations: optimizer.iterations, learningRate, slots };
}

const scalar = (value: number) => sourceOfValues([], Float32Array.of(value));

function writeCount(group: Group, name: string, count: number): void {
  group.create_dataset({ name, data: BigInt64Array.of(BigInt(count)), shape: [], dtype: "<q" });
}

/** Writes the state as Keras 3's `.keras` files have it. */
export async function writeState(
  group: Group,
  { iterations, learningRate, slots }: OptimizerState,
): Promise<void> {
  const vars = group.create_group("vars");
  writeCount(vars, "0", iterations);
  await writeWeight(vars, "1", scalar(learningRate));
  for (const [index, { source }] of slots.entries()) await writeWeight(vars, String(index + 2), source);
}

/** Writes the state as Keras' HDF5 files have it. */
export async function writeLegacyState(group: Group, state: OptimizerState): Promise<void> {
  const owner = group.create_group(state.name);
  writeCount(owner, "iteration", state.iterations);
  await writeWeight(owner, "learning_rate", scalar(state.learningRate));
  for (const { name, source } of state.slots) await writeWeight(owner, name, source);
  const names = ["iteration", "learning_rate", ...state.slots.map(({ name }) => name)];
  writeStrings(
    group,
    "weight_names",
    names.map((name) => `${state.name}/${name}`),
  );
}

/** The state in a file: the weights by their names, in order. */
export interface SavedState {
  names: string[];
  weights: SavedWeight[];
}

export function readState(group: Group, names: string[], who: string): SavedState {
  return { names, weights: names.map((name) => readWeight(group, name, who)) };
}

/** The state in a `.keras` file: the learning rate is the second weight. */
export function readNumberedState(file: Group, who: string): SavedState | undefined {
  const group = findGroup(file, "optimizer/vars");
  if (group === undefined) return undefined;
  const count = group.keys().length;
  const { weights } = readState(
    group,
    Array.from({ length: count }, (_, index) => String(index)),
    who,
  );
  return { names: weights.map((_, index) => (index === 1 ? "learning_rate" : String(index))), weights };
}

/** Powers of a number in steps of float32, as training has computed them. */
function power(base: number, exponent: number): number {
  const factor = Math.fround(base);
  let value = factor;
  for (let step = 0; step < exponent; step++) value = Math.fround(value * factor);
  return value;
}

/**
 * Gives a compiled model's optimizer back what it remembered, so that training goes on as if nothing had happened. A state
 * of another optimizer or of other weights is left alone, and a line says so.
 */
export function restoreState(model: tf.LayersModel, { names, weights }: SavedState, path: string): void {
  const { optimizer, variables } = partsOf(model);
  const layout = layoutOf(optimizer);
  // Before Keras 2.11 the learning rate was not among them, and what is remembered stood kind after kind.
  const isOld = !(names[1] ?? "").includes("learning_rate");
  const stored = weights.slice(isOld ? 1 : 2);
  const lists = isOld ? layout.flat().map((entry) => [entry]) : layout;
  const targets = lists.flatMap((list) =>
    variables.flatMap((variable, index) => list.map(([, field]) => ({ field, variable, index }))),
  );
  const fits =
    stored.length >= targets.length &&
    targets.every(({ variable }, index) => String(variable.shape) === String(stored[index]!.shape));
  // Compiled and never trained.
  if (stored.length === 0 && targets.length > 0) return;
  if (weights.length === 0 || !fits || (!isOld && stored.length > targets.length)) {
    process.stdout.write(`loadModel: ${path}: the optimizer starts anew, its saved state does not fit\n`);
    return;
  }
  const internals = optimizer as unknown as Internals;
  const fields = optimizer as unknown as Fields;
  internals.prepare?.(variables);
  const factor = stepFactor(optimizer);
  targets.forEach(({ field, variable, index }, place) => {
    const saved = stored[place]!;
    const values = factor === 1 ? saved.read() : saved.read().map((value) => value / factor);
    const slots = (fields[field] ??= []);
    tf.tidy(() => {
      const tensor = tf.tensor(values, saved.shape, "float32");
      if (slots[index]) slots[index].variable.assign(tensor);
      else
        slots[index] = {
          originalName: slotName(optimizer, field, variable),
          variable: tensor.variable(false),
        };
    });
  });
  const iterations = weights[0]!.read()[0]!;
  internals.iterations_ = iterations;
  tf.tidy(() => {
    internals.iteration?.assign(tf.scalar(iterations));
    internals.accBeta1?.assign(tf.scalar(power(internals.beta1!, iterations)));
    internals.accBeta2?.assign(tf.scalar(power(internals.beta2!, iterations)));
  });
}
