import { tf } from "../../tensorflow/tf.ts";

/** The members of TensorFlow.js's optimizers that its types hide. */
type Hidden = tf.Optimizer & Record<string, unknown>;

interface Slot {
  variable: tf.Variable;
}

/**
 * How TensorFlow updates weights by one operation, `ResourceApply…`. Its inputs are the weights, the slots, the powers, the
 * numbers and the gradient, in the order of `order`.
 */
export interface OptimizerUpdate {
  operation: string;
  /** Attributes that are true or false. */
  flags?: (optimizer: Hidden) => Record<string, boolean>;
  /** The fields of the optimizer that have a variable for each of the weights. */
  slots: readonly string[];
  /** Variables for all weights that are multiplied, after each step, by one of the numbers: beta to the power of the step. */
  powers?: readonly { field: string; times: string }[];
  /** The optimizer's numbers, which may change from step to step. */
  numbers: readonly string[];
  /** The names of slots, powers and numbers as the operation has them behind the weights, up to `gradient`. */
  order: readonly string[];
}

const adamPowers = [
  { field: "accBeta1", times: "beta1" },
  { field: "accBeta2", times: "beta2" },
];

/** The optimizers of TensorFlow.js that compute what an operation of TensorFlow's does. */
const updates: readonly {
  of: tf.Optimizer;
  update: OptimizerUpdate;
  when?: (optimizer: Hidden) => boolean;
}[] = [
  {
    of: tf.SGDOptimizer.prototype,
    update: {
      operation: "ResourceApplyGradientDescent",
      slots: [],
      numbers: ["learningRate"],
      order: ["learningRate", "gradient"],
    },
  },
  {
    of: tf.MomentumOptimizer.prototype,
    update: {
      operation: "ResourceApplyMomentum",
      flags: ({ useNesterov }) => ({ use_nesterov: Boolean(useNesterov) }),
      slots: ["accumulations"],
      numbers: ["learningRate", "momentum"],
      order: ["accumulations", "learningRate", "gradient", "momentum"],
    },
  },
  {
    of: tf.RMSPropOptimizer.prototype,
    // The centred form of TensorFlow.js subtracts epsilon where TensorFlow and Keras add it.
    when: ({ centered }) => centered !== true,
    update: {
      operation: "ResourceApplyRMSProp",
      slots: ["accumulatedMeanSquares", "accumulatedMoments"],
      numbers: ["learningRate", "decay", "momentum", "epsilon"],
      order: [
        ...["accumulatedMeanSquares", "accumulatedMoments"],
        ...["learningRate", "decay", "momentum", "epsilon", "gradient"],
      ],
    },
  },
  {
    of: tf.AdamOptimizer.prototype,
    update: {
      operation: "ResourceApplyAdam",
      slots: ["accumulatedFirstMoment", "accumulatedSecondMoment"],
      powers: adamPowers,
      numbers: ["learningRate", "beta1", "beta2", "epsilon"],
      order: [
        ...["accumulatedFirstMoment", "accumulatedSecondMoment", "accBeta1", "accBeta2"],
        ...["learningRate", "beta1", "beta2", "epsilon", "gradient"],
      ],
    },
  },
  {
    of: tf.AdamaxOptimizer.prototype,
    when: ({ decay }) => decay === 0,
    update: {
      operation: "ResourceApplyAdaMax",
      slots: ["accumulatedFirstMoment", "accumulatedWeightedInfNorm"],
      powers: adamPowers.slice(0, 1),
      numbers: ["learningRate", "beta1", "beta2", "epsilon"],
      order: [
        ...["accumulatedFirstMoment", "accumulatedWeightedInfNorm", "accBeta1"],
        ...["learningRate", "beta1", "beta2", "epsilon", "gradient"],
      ],
    },
  },
];

/** The update that an optimizer is; undefined for those that compute something else, which their own code must do. */
export function updateOf(optimizer: tf.Optimizer): OptimizerUpdate | undefined {
  return updates.find(
    ({ of, when = () => true }) =>
      of.applyGradients === optimizer.applyGradients && when(optimizer as Hidden),
  )?.update;
}

/** The variables that an optimizer has in a field for each of the weights. */
export function slotsOf(optimizer: tf.Optimizer, field: string): tf.Variable[] {
  return ((optimizer as Hidden)[field] as Slot[]).map(({ variable }) => variable);
}

/** A variable that an optimizer has for all of the weights. */
export function powerOf(optimizer: tf.Optimizer, field: string): tf.Variable {
  return (optimizer as Hidden)[field] as tf.Variable;
}

/** One of an optimizer's numbers. */
export function numberOf(optimizer: tf.Optimizer, field: string): number {
  return (optimizer as Hidden)[field] as number;
}
