import { attribute, type Attribute } from "../../tensorflow/attributes.ts";
import { dataTypes } from "../../tensorflow/dataTypes.ts";
import { tf } from "../../tensorflow/tf.ts";
import { Adadelta } from "../optimizers/adadelta.ts";
import { Adagrad } from "../optimizers/adagrad.ts";
import { Adam } from "../optimizers/adam.ts";
import { Adamax } from "../optimizers/adamax.ts";
import type { KerasOptimizer } from "../optimizers/kerasOptimizer.ts";
import { RMSprop } from "../optimizers/rmsprop.ts";
import { SGD } from "../optimizers/sgd.ts";

/** The members of TensorFlow.js's optimizers that its types hide. */
type Hidden = tf.Optimizer & Record<string, unknown>;

/** A weight, and its place among all that are trained. */
export interface TrainedWeight {
  variable: tf.Variable;
  place: number;
}

interface Slot {
  /** The name of the weight, a slash, and what it is. */
  originalName: string;
  variable: tf.Variable;
}

/**
 * How TensorFlow updates weights by one operation, `ResourceApply…`. Its inputs are the weights, the slots, the powers, the
 * numbers and the gradient, in the order of `order`.
 */
export interface OptimizerUpdate {
  operation: string;
  /** Attributes that are true or false. */
  flags?: (optimizer: tf.Optimizer) => Record<string, boolean>;
  /** The fields of the optimizer that have a variable for each of the weights. */
  slots: readonly string[];
  /** What TensorFlow.js calls these in files. Default: as the fields. */
  slotNames?: readonly string[];
  /** The number of the optimizer's with which they begin. Default: they begin with 0. */
  begin?: string;
  /** Variables for all weights that are multiplied, after each step, by one of the numbers: beta to the power of the step. */
  powers?: readonly { field: string; times: string }[];
  /** The optimizer's numbers, which may change from step to step. */
  numbers: readonly string[];
  /** The names of slots, powers and numbers as the operation has them behind the weights, up to `gradient`. */
  order: readonly string[];
}

const sgd: OptimizerUpdate = {
  operation: "ResourceApplyGradientDescent",
  slots: [],
  numbers: ["learningRate"],
  order: ["learningRate", "gradient"],
};

const momentum: OptimizerUpdate = {
  operation: "ResourceApplyMomentum",
  flags: (optimizer) => ({ use_nesterov: Boolean((optimizer as Hidden).useNesterov) }),
  slots: ["accumulations"],
  slotNames: ["momentum"],
  numbers: ["learningRate", "momentum"],
  order: ["accumulations", "learningRate", "gradient", "momentum"],
};

const rmspropNumbers = ["learningRate", "decay", "momentum", "epsilon"];

const rmsprop: OptimizerUpdate = {
  operation: "ResourceApplyRMSProp",
  slots: ["accumulatedMeanSquares", "accumulatedMoments"],
  slotNames: ["rms", "momentum"],
  numbers: rmspropNumbers,
  order: ["accumulatedMeanSquares", "accumulatedMoments", ...rmspropNumbers, "gradient"],
};

const centeredRmsprop: OptimizerUpdate = {
  operation: "ResourceApplyCenteredRMSProp",
  slots: ["accumulatedMeanGrads", ...rmsprop.slots],
  slotNames: ["mg", "rms", "momentum"],
  numbers: rmspropNumbers,
  order: ["accumulatedMeanGrads", ...rmsprop.order],
};

const adadelta: OptimizerUpdate = {
  operation: "ResourceApplyAdadelta",
  slots: ["accumulatedGrads", "accumulatedUpdates"],
  slotNames: ["accum_grad", "accum_var"],
  numbers: ["learningRate", "rho", "epsilon"],
  order: ["accumulatedGrads", "accumulatedUpdates", "learningRate", "rho", "epsilon", "gradient"],
};

/** That of TensorFlow.js, which lets nobody choose epsilon: beside sums that are never near 0 it is nothing. */
const tfjsAdagrad: OptimizerUpdate = {
  operation: "ResourceApplyAdagrad",
  slots: ["accumulatedGrads"],
  slotNames: ["accumulator"],
  begin: "initialAccumulatorValue",
  numbers: ["learningRate"],
  order: ["accumulatedGrads", "learningRate", "gradient"],
};

/** It adds epsilon to the root; Keras does so below it, where the sums are never near 0. */
const adagrad: OptimizerUpdate = {
  operation: "ResourceApplyAdagradV2",
  slots: ["accumulatedGrads"],
  numbers: ["learningRate", "epsilon"],
  order: ["accumulatedGrads", "learningRate", "epsilon", "gradient"],
};

const adamPowers = [
  { field: "accBeta1", times: "beta1" },
  { field: "accBeta2", times: "beta2" },
];
const adamNumbers = ["learningRate", "beta1", "beta2", "epsilon"];

const adam: OptimizerUpdate = {
  operation: "ResourceApplyAdam",
  slots: ["accumulatedFirstMoment", "accumulatedSecondMoment"],
  slotNames: ["m", "v"],
  powers: adamPowers,
  numbers: adamNumbers,
  order: [
    ...["accumulatedFirstMoment", "accumulatedSecondMoment", "accBeta1", "accBeta2"],
    ...[...adamNumbers, "gradient"],
  ],
};

const amsgrad: OptimizerUpdate = {
  ...adam,
  operation: "ResourceApplyAdamWithAmsgrad",
  slots: [...adam.slots, "accumulatedSecondMomentMax"],
  order: [...adam.slots, "accumulatedSecondMomentMax", ...adam.order.slice(2)],
};

const adamax: OptimizerUpdate = {
  operation: "ResourceApplyAdaMax",
  slots: ["accumulatedFirstMoment", "accumulatedWeightedInfNorm"],
  powers: adamPowers.slice(0, 1),
  numbers: adamNumbers,
  order: ["accumulatedFirstMoment", "accumulatedWeightedInfNorm", "accBeta1", ...adamNumbers, "gradient"],
};

/** Whether an optimizer of Keras' does nothing to gradients and weights besides its update. */
const isPlain = ({ weightDecay, clipnorm, clipvalue, globalClipnorm, averaging }: Hidden): boolean =>
  [weightDecay, clipnorm, clipvalue, globalClipnorm, averaging].every((option) => option === undefined);

/** Whether Adagrad never divides by something near 0, where its operations and Keras differ. */
const sumsArePositive = ({ initialAccumulatorValue }: Hidden): boolean =>
  (initialAccumulatorValue as number) > 0;

/**
 * The optimizers for which TensorFlow has an operation. Where TensorFlow.js's own differ from it, in where epsilon is added or
 * in which mean divides, the operation is what Keras computes.
 */
const updates: readonly { of: unknown; update: OptimizerUpdate; when?: (optimizer: Hidden) => boolean }[] = [
  { of: tf.SGDOptimizer, update: sgd },
  { of: tf.MomentumOptimizer, update: momentum },
  { of: tf.RMSPropOptimizer, update: rmsprop, when: ({ centered }) => centered !== true },
  { of: tf.RMSPropOptimizer, update: centeredRmsprop },
  { of: tf.AdagradOptimizer, update: tfjsAdagrad, when: sumsArePositive },
  { of: tf.AdadeltaOptimizer, update: adadelta },
  { of: tf.AdamOptimizer, update: adam },
  { of: tf.AdamaxOptimizer, update: adamax, when: ({ decay }) => decay === 0 },
  { of: SGD, update: sgd, when: (optimizer) => isPlain(optimizer) && optimizer.momentum === 0 },
  { of: SGD, update: { ...momentum, operation: "ResourceApplyKerasMomentum" }, when: isPlain },
  { of: RMSprop, update: rmsprop, when: (optimizer) => isPlain(optimizer) && optimizer.centered === false },
  { of: RMSprop, update: centeredRmsprop, when: isPlain },
  { of: Adadelta, update: adadelta, when: isPlain },
  { of: Adagrad, update: adagrad, when: (optimizer) => isPlain(optimizer) && sumsArePositive(optimizer) },
  { of: Adam, update: adam, when: (optimizer) => isPlain(optimizer) && optimizer.amsgrad === false },
  { of: Adam, update: amsgrad, when: isPlain },
  { of: Adamax, update: adamax, when: isPlain },
];

/** Counts a step of which the optimizer itself knows nothing. */
export function countStep(optimizer: tf.Optimizer): void {
  (optimizer as unknown as { incrementIterations(): void }).incrementIterations();
}

/** The attributes of an update's operation. */
export function attributesOf({ flags }: OptimizerUpdate, optimizer: tf.Optimizer): Attribute[] {
  return [
    attribute.type("T", dataTypes.float),
    // Others may read a weight while a step runs on another thread.
    attribute.bool("use_locking", true),
    ...Object.entries(flags?.(optimizer) ?? {}).map(([name, value]) => attribute.bool(name, value)),
  ];
}

/** The update that an optimizer is; undefined for those that compute something else, which their own code must do. */
export function updateOf(optimizer: tf.Optimizer): OptimizerUpdate | undefined {
  return updates.find(
    ({ of, when = () => true }) => of === optimizer.constructor && when(optimizer as Hidden),
  )?.update;
}

/** An optimizer whose own code a compiled step can have within: one of Keras' for which there is no update. */
export function changesByItself(optimizer: tf.Optimizer | undefined): optimizer is KerasOptimizer {
  return optimizer !== undefined && "change" in optimizer && updateOf(optimizer) === undefined;
}

/** The name of the slot that a weight has in a field of an optimizer, by which files know it, too. */
export function slotName(optimizer: tf.Optimizer, field: string, weight: tf.Variable): string {
  const { slots = [], slotNames = slots } = updateOf(optimizer) ?? {};
  return `${weight.name}/${slotNames[slots.indexOf(field)] ?? field}`;
}

/**
 * The variable that an optimizer has in a field for one of the weights; made where there is none yet. Keras' optimizers know the
 * slots of a weight by its name, TensorFlow.js's by the weight's place among all that are trained.
 */
export function slotOf(
  optimizer: tf.Optimizer,
  field: string,
  { variable: weight, place }: TrainedWeight,
): tf.Variable {
  const slots = (optimizer as Hidden)[field] as (Slot | undefined)[];
  const isOf = (slot: Slot | undefined, { name }: { name: string }): boolean =>
    slot?.originalName.startsWith(`${name}/`) === true;
  const find = (): Slot | undefined => slots.find((slot) => isOf(slot, weight));
  if ("prepare" in optimizer && find() === undefined) (optimizer as KerasOptimizer).prepare([weight]);
  const known = find();
  if (known !== undefined) return known.variable;
  // Layers that are frozen or trained again change the places. A slot that was read from a file may be of another name.
  const others = Object.values(tf.engine().registeredVariables);
  const [at, isFree] = [slots[place], !others.some((other) => isOf(slots[place], other))];
  if (at !== undefined && isFree && tf.util.arraysEqual(at.variable.shape, weight.shape)) return at.variable;
  const begin = updateOf(optimizer)?.begin;
  const first = begin === undefined ? 0 : numberOf(optimizer, begin);
  const made = {
    originalName: slotName(optimizer, field, weight),
    variable: tf.tidy(() => tf.fill(weight.shape, first).variable(false)),
  };
  slots[at === undefined ? place : slots.length] = made;
  return made.variable;
}

/** Gives slots that were read from a file, which stand in the order of the weights, the names of these. */
export function nameSlots(optimizer: tf.Optimizer, weights: readonly tf.Variable[]): void {
  for (const field of updateOf(optimizer)?.slots ?? []) {
    const slots = (optimizer as Hidden)[field] as Slot[];
    slots.forEach((slot, place) => (slot.originalName = slotName(optimizer, field, weights[place]!)));
  }
}

/** A variable that an optimizer has for all of the weights. */
export function powerOf(optimizer: tf.Optimizer, field: string): tf.Variable {
  return (optimizer as Hidden)[field] as tf.Variable;
}

/** One of an optimizer's numbers. */
export function numberOf(optimizer: tf.Optimizer, field: string): number {
  return (optimizer as Hidden)[field] as number;
}
