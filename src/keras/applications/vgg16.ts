import { tf } from "../../tensorflow/tf.ts";
import { finishNetwork, startNetwork } from "./network.ts";
import { planNetwork, type ApplicationOptions } from "./options.ts";
import { findWeights, withWeights } from "./weights.ts";

const who = "applications.vgg16";

/** Filters of the convolutions of each block; a pooling ends it. */
const blocks = [
  [64, 64],
  [128, 128],
  [256, 256, 256],
  [512, 512, 512],
  [512, 512, 512],
];

const folder = "https://storage.googleapis.com/tensorflow/keras-applications/vgg16";
const files = {
  top: {
    url: `${folder}/vgg16_weights_tf_dim_ordering_tf_kernels.h5`,
    hash: "md5:64373286793e3c8b2b4e3219cbf3544b" as const,
  },
  noTop: {
    url: `${folder}/vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5`,
    hash: "md5:6d6bbae143d832006294945121d1f1fc" as const,
  },
};

/**
 * VGG-16 (Simonyan and Zisserman 2014, https://arxiv.org/abs/1409.1556) as Keras builds it: 13 convolutions of 3x3 in five
 * blocks, then two dense layers of 4,096 and the classifier. 138,357,544 parameters; 14,714,688 without the top.
 *
 * ```ts
 * const model = await applications.vgg16({ weights: null }); // "imagenet" downloads 553 MB, once
 * const image = await loadImage("cat.jpg", { targetSize: [224, 224] });
 * const scores = model.predict(applications.vgg16.preprocessInput(image).expandDims(0));
 * applications.vgg16.decodePredictions(scores, { top: 3 });
 * ```
 *
 * @param options see {@link ApplicationOptions}; pictures of at least 32x32, 224x224 by default
 * @throws InputError for options that do not go together, and when the weights cannot be had or do not fit
 */
export async function vgg16(options: ApplicationOptions = {}): Promise<tf.LayersModel> {
  const plan = planNetwork(options, { size: 224, least: 32, who });
  const published = plan.includeTop ? files.top : files.noTop;
  const file = await findWeights(plan.weights, { ...published, who, signal: options.signal });
  const network = startNetwork(plan);
  let x = network.input;
  for (const [index, filters] of blocks.entries()) {
    const block = `block${index + 1}`;
    filters.forEach((count, conv) => {
      const name = `${block}_conv${conv + 1}`;
      x = network.conv(x, { filters: count, kernelSize: 3, padding: "same", activation: "relu", name });
    });
    x = network.maxPool(x, { poolSize: 2, strides: 2, name: `${block}_pool` });
  }
  if (plan.includeTop) {
    x = network.apply(tf.layers.flatten({ name: "flatten" }), x);
    x = network.dense(x, { units: 4096, activation: "relu", name: "fc1" });
    x = network.dense(x, { units: 4096, activation: "relu", name: "fc2" });
    const activation = plan.classifierActivation ?? "linear";
    x = network.dense(x, { units: plan.classes, activation, name: "predictions" });
  }
  return withWeights(finishNetwork(network, x, plan, options.name ?? "vgg16"), file);
}
