import { tf } from "../../../tensorflow/tf.ts";

type DenseArgs = Parameters<typeof tf.layers.dense>[0];

/** How kernels and biases begin, and what binds them: the settings that `dense` has, too. */
export type WeightArgs = Partial<
  Pick<
    DenseArgs,
    | "kernelInitializer"
    | "biasInitializer"
    | "kernelRegularizer"
    | "biasRegularizer"
    | "kernelConstraint"
    | "biasConstraint"
  >
>;

const keys = ["kernel", "bias"].flatMap((weight) =>
  ["Initializer", "Regularizer", "Constraint"].map((kind) => `${weight}${kind}`),
);

type AddWeightArgs = Parameters<tf.layers.Layer["addWeight"]>;

/** What these settings say, read and written as `dense` does it. */
export interface WeightSettings {
  /** The arguments of `addWeight` after the type, for a kernel or a bias. */
  of(weight: "kernel" | "bias"): [AddWeightArgs[3], AddWeightArgs[4], boolean, AddWeightArgs[6]];
  config: tf.serialization.ConfigDict;
}

export function readWeightSettings(args: WeightArgs): WeightSettings {
  const dense = tf.layers.dense({ kernelInitializer: "glorotUniform", ...args, units: 1 });
  const own = dense as unknown as Record<string, never>;
  return {
    of: (weight) => [
      own[`${weight}Initializer`]!,
      own[`${weight}Regularizer`],
      true,
      own[`${weight}Constraint`],
    ],
    config: Object.fromEntries(Object.entries(dense.getConfig()).filter(([key]) => keys.includes(key))),
  };
}
