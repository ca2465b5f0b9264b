import { basename, join } from "node:path";
import { InputError } from "../../errors.ts";
import { packageRoot } from "../../package.ts";
import { tf } from "../../tensorflow/tf.ts";
import { GlobalAveragePooling2D } from "../layers/globalPooling.ts";
import { finishNetwork, startNetwork, type Network } from "./network.ts";
import { planNetwork, type ApplicationOptions, type NetworkPlan } from "./options.ts";
import { findWeights, withWeights } from "./weights.ts";

const who = "applications.mobileNet";

/** Options of {@link mobileNet}; the names are Keras'. */
export interface MobileNetOptions extends ApplicationOptions {
  /** The width of the network: each layer has `alpha` times its filters. Published: 0.25, 0.5, 0.75 and 1 (default). */
  alpha?: number;
  /** Maps that each map becomes in the depthwise convolutions. Default 1. */
  depthMultiplier?: number;
  /** The part of the values before the classifier that dropout takes away in training. Default 0.001. */
  dropout?: number;
}

/** The sides of the pictures that weights were published for. */
const sides = [128, 160, 192, 224];
const alphaTexts: Record<number, string> = { 0.25: "2_5", 0.5: "5_0", 0.75: "7_5", 1: "1_0" };

/** Filters and stride of the pairs of depthwise and 1x1 convolution, in order. */
const blocks: readonly (readonly [number, 1 | 2])[] = [
  ...([
    [64, 1],
    [128, 2],
    [128, 1],
    [256, 2],
    [256, 1],
    [512, 2],
  ] as const),
  ...Array<[number, 1]>(5).fill([512, 1]),
  ...([
    [1024, 2],
    [1024, 1],
  ] as const),
];

type Symbolic = tf.SymbolicTensor;

function normalise(network: Network, on: Symbolic, name: string): Symbolic {
  const normal = network.batchNorm(on, { name: `${name}_bn` });
  return network.apply(tf.layers.reLU({ maxValue: 6, name: `${name}_relu` }), normal);
}

function separable(
  network: Network,
  on: Symbolic,
  {
    filters,
    strides,
    depthMultiplier,
    block,
  }: { filters: number; strides: 1 | 2; depthMultiplier: number; block: number },
): Symbolic {
  const padding = strides === 1 ? "same" : "valid";
  const edge: [[number, number], [number, number]] = [
    [0, 1],
    [0, 1],
  ];
  const padded =
    strides === 1
      ? on
      : network.apply(tf.layers.zeroPadding2d({ padding: edge, name: `conv_pad_${block}` }), on);
  const depth = `conv_dw_${block}`;
  const perMap = network.depthwise(padded, {
    ...{ kernelSize: 3, strides, padding, depthMultiplier, useBias: false, name: depth },
  });
  const point = `conv_pw_${block}`;
  const across = network.conv(normalise(network, perMap, depth), {
    ...{ filters, kernelSize: 1, padding: "same", useBias: false, name: point },
  });
  return normalise(network, across, point);
}

function classify(
  network: Network,
  on: Symbolic,
  { classes, classifierActivation }: NetworkPlan,
  dropout: number,
): Symbolic {
  const name = network.autoName("global_average_pooling2d");
  let x = network.apply(new GlobalAveragePooling2D({ keepdims: true, name }), on);
  x = network.apply(tf.layers.dropout({ rate: dropout, name: "dropout" }), x);
  x = network.conv(x, { filters: classes, kernelSize: 1, padding: "same", name: "conv_preds" });
  x = network.apply(tf.layers.reshape({ targetShape: [classes], name: "reshape_2" }), x);
  const activation = classifierActivation ?? "linear";
  return network.apply(tf.layers.activation({ activation, name: "predictions" }), x);
}

/** The side that the published weights were trained with: the picture's, where there are some for it. */
function publishedSide(shape: ApplicationOptions["inputShape"]): number {
  const [rows, columns] = shape ?? [];
  return rows === columns && sides.includes(rows!) ? rows! : 224;
}

/** The weights of `alpha: 0.25` at 224x224, top included, which come with this package. */
const shipped = join(packageRoot, "data", "mobilenet_2_5_224_tf.h5");

function weightsFile(
  { weights, includeTop }: NetworkPlan,
  alpha: number,
  side: number,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  const name = `mobilenet_${alphaTexts[alpha]}_${side}_tf${includeTop ? "" : "_no_top"}.h5`;
  if (weights === "imagenet" && basename(shipped) === name) return Promise.resolve(shipped);
  const url = `https://storage.googleapis.com/tensorflow/keras-applications/mobilenet/${name}`;
  return findWeights(weights, { url, who, signal });
}

/** The network without its top, with weights from the file that holds both. */
async function withoutTop(options: MobileNetOptions): Promise<tf.LayersModel> {
  const whole = await mobileNet({ alpha: 0.25, weights: shipped });
  const base = await mobileNet({ name: "mobilenet_0.25_224", ...options, weights: null });
  for (const layer of base.layers) layer.setWeights(whole.getLayer(layer.name).getWeights());
  whole.dispose();
  return base;
}

/**
 * MobileNet (Howard and others 2017, https://arxiv.org/abs/1704.04861) as Keras builds it, for all of its published sizes.
 * 4,253,864 parameters with `alpha` 1, 475,544 with 0.25. The weights of `alpha: 0.25` at 224x224 come with this package,
 * so that nothing needs to be downloaded:
 *
 * ```ts
 * const model = await applications.mobileNet({ alpha: 0.25 });
 * const image = await loadImage("cat.jpg", { targetSize: [224, 224], interpolation: "bilinear" });
 * const scores = model.predict(applications.mobileNet.preprocessInput(image).expandDims(0));
 * applications.mobileNet.decodePredictions(scores, { top: 3 }); // [[["n02124075", "Egyptian_cat", 0.66], …]]
 * ```
 *
 * @param options see {@link MobileNetOptions}; pictures of at least 32x32, 224x224 by default
 * @throws InputError for options that do not go together, and when the weights cannot be had or do not fit
 */
export async function mobileNet(options: MobileNetOptions = {}): Promise<tf.LayersModel> {
  const { alpha = 1, depthMultiplier = 1, dropout = 1e-3 } = options;
  const given = options.inputTensor?.shape.slice(1) as ApplicationOptions["inputShape"];
  const side = publishedSide(given ?? options.inputShape);
  const plan = planNetwork(options, {
    size: side,
    least: 32,
    who,
    own: ["alpha", "depthMultiplier", "dropout"],
  });
  const published = plan.weights === "imagenet";
  if (published && depthMultiplier !== 1) {
    const expected = 'depthMultiplier 1 with the weights "imagenet"';
    throw new InputError({ who, expected, found: String(depthMultiplier) });
  }
  if (!(alpha > 0) || (published && alphaTexts[alpha] === undefined)) {
    const expected = published ? 'alpha 0.25, 0.5, 0.75 or 1 with the weights "imagenet"' : "alpha above 0";
    throw new InputError({ who, expected, found: String(alpha) });
  }
  const [rows, columns] = plan.inputShape;
  if (published && (rows !== columns || !sides.includes(rows!))) {
    process.stdout.write(`${who}: weights for 224x224, the nearest published ones, are used\n`);
  }
  if (published && alpha === 0.25 && side === 224 && !plan.includeTop) return withoutTop(options);
  const file = await weightsFile(plan, alpha, side, options.signal);
  const network = startNetwork(plan);
  const scaled = (filters: number) => Math.trunc(filters * alpha);
  const first = network.conv(network.input, {
    ...{ filters: scaled(32), kernelSize: 3, strides: 2, padding: "same", useBias: false, name: "conv1" },
  });
  let x = normalise(network, first, "conv1");
  for (const [index, [filters, strides]] of blocks.entries()) {
    x = separable(network, x, { filters: scaled(filters), strides, depthMultiplier, block: index + 1 });
  }
  if (plan.includeTop) x = classify(network, x, plan, dropout);
  const name = options.name ?? `mobilenet_${alpha.toFixed(2)}_${published ? side : (rows ?? "None")}`;
  return withWeights(finishNetwork(network, x, plan, name), file);
}
