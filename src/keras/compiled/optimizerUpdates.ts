import { tf } from "../../tensorflow/tf.ts";

/** The members of TensorFlow.js's optimizers that its types hide. */
type Hidden = tf.Optimizer & Record<string, unknown>;

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

/**
 * The optimizers of TensorFlow.js for which TensorFlow has an operation. Where the two differ, in where epsilon is added or in
 * which mean divides, the operation is what Keras computes.
 */
const updates: readonly {
  of: unknown;
  update: OptimizerUpdate;
  when?: (optimizer: Hidden) => boolean;
}[] = [
  {
    of: tf.SGDOptimizer,
    update: {
      operation: "ResourceApplyGradientDescent",
      slots: [],
      numbers: ["learningRate"],
      order: ["learningRate", "gradient"],
    },
  },
  {
    of: tf.MomentumOptimizer,
    update: {
      operation: "ResourceApplyMomentum",
      flags: (optimizer) => ({ use_nesterov: Boolean((optimizer as Hidden).useNesterov) }),
      slots: ["accumulations"],
      numbers: ["learningRate", "momentum"],
      order: ["accumulations", "learningRate", "gradient", "momentum"],
    },
  },
  {
    of: tf.RMSPropOptimizer,
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
    of: tf.RMSPropOptimizer,
    when: ({ centered }) => centered === true,
    update: {
      operation: "ResourceApplyCenteredRMSProp",
      slots: ["accumulatedMeanGrads", "accumulatedMeanSquares", "accumulatedMoments"],
      numbers: ["learningRate", "decay", "momentum", "epsilon"],
      order: [
        ...["accumulatedMeanGrads", "accumulatedMeanSquares", "accumulatedMoments"],
        ...["learningRate", "decay", "momentum", "epsilon", "gradient"],
      ],
    },
  },
  {
    of: tf.AdadeltaOptimizer,
    update: {
      operation: "ResourceApplyAdadelta",
      slots: ["accumulatedGrads", "accumulatedUpdates"],
      numbers: ["learningRate", "rho", "epsilon"],
      order: ["accumulatedGrads", "accumulatedUpdates", "learningRate", "rho", "epsilon", "gradient"],
    },
  },
  {
    of: tf.AdamOptimizer,
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
    of: tf.AdamaxOptimizer,
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
    ({ of, when = () => true }) => of === optimizer.constructor && when(optimizer as Hidden),
  )?.update;
}

/** The variable that an optimizer has in a field for one of the weights; made, of zeros, where there is none yet. */
export function slotOf(optimizer: tf.Optimizer, field: string, weight: tf.Variable): tf.Variable {
  const slots = (optimizer as Hidden)[field] as Slot[];
  let slot = slots.find(({ originalName }) => originalName.startsWith(`${weight.name}/`));
  if (slot === undefined) {
    const variable = tf.tidy(() => tf.zeros(weight.shape).variable(false));
    slots.push((slot = { originalName: `${weight.name}/${field}`, variable }));
  }
  return slot.variable;
}

/** A variable that an optimizer has for all of the weights. */
export function powerOf(optimizer: tf.Optimizer, field: string): tf.Variable {
  return (optimizer as Hidden)[field] as tf.Variable;
}

/** One of an optimizer's numbers. */
export function numberOf(optimizer: tf.Optimizer, field: string): number {
  return (optimizer as Hidden)[field] as number;
}
