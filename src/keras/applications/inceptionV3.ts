import { tf } from "../../tensorflow/tf.ts";
import { finishNetwork, startNetwork, type Network } from "./network.ts";
import { planNetwork, type ApplicationOptions } from "./options.ts";
import { findWeights, withWeights } from "./weights.ts";

const who = "applications.inceptionV3";

const folder = "https://storage.googleapis.com/tensorflow/keras-applications/inception_v3";
const files = {
  top: {
    url: `${folder}/inception_v3_weights_tf_dim_ordering_tf_kernels.h5`,
    hash: "md5:9a0d58056eeedaa3f26cb7ebd46da564" as const,
  },
  noTop: {
    url: `${folder}/inception_v3_weights_tf_dim_ordering_tf_kernels_notop.h5`,
    hash: "md5:bcbd6486424b2319ff4ef7d526e38f63" as const,
  },
};

type Symbolic = tf.SymbolicTensor;
/** Filters and kernel of a convolution; stride 2 goes with 'valid' padding, as everywhere in this network but at its start. */
type Step = readonly [filters: number, rows: number, columns: number, strides?: 2];

/** A convolution, its normalisation without a factor, and a ReLU. */
function convolution(
  network: Network,
  on: Symbolic,
  [filters, rows, columns, strides]: Step,
  padding: "same" | "valid" = strides === 2 ? "valid" : "same",
): Symbolic {
  const conv = network.conv(on, {
    ...{ filters, kernelSize: [rows, columns], strides: strides ?? 1, padding, useBias: false },
  });
  const normal = network.batchNorm(conv, { scale: false });
  return network.apply(
    tf.layers.activation({ activation: "relu", name: network.autoName("activation") }),
    normal,
  );
}

const chain = (network: Network, on: Symbolic, steps: readonly Step[]) =>
  steps.reduce((x, step) => convolution(network, x, step), on);

/** Chains of convolutions side by side, then the mean of each neighbourhood through a convolution of 1x1. */
function mixed(
  network: Network,
  on: Symbolic,
  chains: readonly (readonly Step[])[],
  pooled: number,
  name: string,
): Symbolic {
  const branches = chains.map((steps) => chain(network, on, steps));
  const mean = network.averagePool(on, { poolSize: 3, strides: 1, padding: "same" });
  return network.concatenate([...branches, convolution(network, mean, [pooled, 1, 1])], { name });
}

/** Chains that halve height and width, beside a pooling that does. */
function reduction(
  network: Network,
  on: Symbolic,
  chains: readonly (readonly Step[])[],
  name: string,
): Symbolic {
  const branches = chains.map((steps) => chain(network, on, steps));
  return network.concatenate([...branches, network.maxPool(on, { poolSize: 3, strides: 2 })], { name });
}

/** The widest blocks, whose chains split at their ends. */
function wide(network: Network, on: Symbolic, index: number): Symbolic {
  const split = (x: Symbolic) => [convolution(network, x, [384, 1, 3]), convolution(network, x, [384, 3, 1])];
  const single = convolution(network, on, [320, 1, 1]);
  const shorter = network.concatenate(split(convolution(network, on, [384, 1, 1])), {
    name: `mixed9_${index}`,
  });
  const longer = network.concatenate(
    split(
      chain(network, on, [
        [448, 1, 1],
        [384, 3, 3],
      ]),
    ),
  );
  const mean = network.averagePool(on, { poolSize: 3, strides: 1, padding: "same" });
  const pooled = convolution(network, mean, [192, 1, 1]);
  return network.concatenate([single, shorter, longer, pooled], { name: `mixed${9 + index}` });
}

/** Chains with kernels of 7x1 and 1x7 in the middle of the network; `n` are the filters inside. */
const sevens = (n: number): Step[][] => [
  [[192, 1, 1]],
  [
    [n, 1, 1],
    [n, 1, 7],
    [192, 7, 1],
  ],
  [
    [n, 1, 1],
    [n, 7, 1],
    [n, 1, 7],
    [n, 7, 1],
    [192, 1, 7],
  ],
];

/**
 * Inception v3 (Szegedy and others 2015, https://arxiv.org/abs/1512.00567) as Keras builds it: 94 convolutions, each with
 * batch normalisation. 23,851,784 parameters; 21,802,784 without the top.
 *
 * ```ts
 * const base = await applications.inceptionV3({ weights: null, includeTop: false, inputShape: [150, 150, 3], pooling: "avg" });
 * base.trainable = false;
 * const model = tf.sequential({ layers: [base, tf.layers.dense({ units: 1, activation: "sigmoid" })] });
 * ```
 *
 * @param options see {@link ApplicationOptions}; pictures of at least 75x75, 299x299 by default
 * @throws InputError for options that do not go together, and when the weights cannot be had or do not fit
 */
export async function inceptionV3(options: ApplicationOptions = {}): Promise<tf.LayersModel> {
  const plan = planNetwork(options, { size: 299, least: 75, who });
  const published = plan.includeTop ? files.top : files.noTop;
  const file = await findWeights(plan.weights, { ...published, who, signal: options.signal });
  const network = startNetwork(plan);
  let x = convolution(network, network.input, [32, 3, 3, 2]);
  x = convolution(network, x, [32, 3, 3], "valid");
  x = convolution(network, x, [64, 3, 3]);
  x = network.maxPool(x, { poolSize: 3, strides: 2 });
  x = convolution(network, x, [80, 1, 1], "valid");
  x = convolution(network, x, [192, 3, 3], "valid");
  x = network.maxPool(x, { poolSize: 3, strides: 2 });
  for (const [index, pooled] of [32, 64, 64].entries()) {
    const chains: Step[][] = [
      [[64, 1, 1]],
      [
        [48, 1, 1],
        [64, 5, 5],
      ],
      [
        [64, 1, 1],
        [96, 3, 3],
        [96, 3, 3],
      ],
    ];
    x = mixed(network, x, chains, pooled, `mixed${index}`);
  }
  x = reduction(
    network,
    x,
    [
      [[384, 3, 3, 2]],
      [
        [64, 1, 1],
        [96, 3, 3],
        [96, 3, 3, 2],
      ],
    ],
    "mixed3",
  );
  for (const [index, inside] of [128, 160, 160, 192].entries()) {
    x = mixed(network, x, sevens(inside), 192, `mixed${4 + index}`);
  }
  const last: Step[][] = [
    [
      [192, 1, 1],
      [320, 3, 3, 2],
    ],
    [
      [192, 1, 1],
      [192, 1, 7],
      [192, 7, 1],
      [192, 3, 3, 2],
    ],
  ];
  x = reduction(network, x, last, "mixed8");
  for (const index of [0, 1]) x = wide(network, x, index);
  if (plan.includeTop) {
    x = network.globalPool(x, "avg", { name: "avg_pool" });
    const activation = plan.classifierActivation ?? "linear";
    x = network.dense(x, { units: plan.classes, activation, name: "predictions" });
  }
  return withWeights(finishNetwork(network, x, plan, options.name ?? "inception_v3"), file);
}
