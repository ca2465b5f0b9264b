import { tf } from "../../tensorflow/tf.ts";

/** Makes layers whose settings, where they are left out, are others than TensorFlow.js's. */
const withDefaults =
  <Args extends object, Made>(make: (args: Args) => Made, defaults: object) =>
  (args: Args): Made =>
    make({ ...defaults, ...args });

const kernel = { kernelInitializer: "glorotUniform" };

/**
 * The layers of `tf.layers` that Keras begins with other weights: their kernels are drawn by `glorotUniform`, where
 * TensorFlow.js takes `glorotNormal`, and the forget gate of `lstm` begins open. Options and classes are those of `tf.layers`.
 *
 * ```ts
 * layers.dense({ units: 10 }); // tf.layers.dense({ units: 10, kernelInitializer: "glorotUniform" })
 * ```
 */
export const defaultLayers = {
  conv1d: withDefaults(tf.layers.conv1d, kernel),
  conv2d: withDefaults(tf.layers.conv2d, kernel),
  conv2dTranspose: withDefaults(tf.layers.conv2dTranspose, kernel),
  conv3d: withDefaults(tf.layers.conv3d, kernel),
  conv3dTranspose: withDefaults(tf.layers.conv3dTranspose, kernel),
  dense: withDefaults(tf.layers.dense, kernel),
  depthwiseConv2d: withDefaults(tf.layers.depthwiseConv2d, { depthwiseInitializer: "glorotUniform" }),
  lstm: withDefaults(tf.layers.lstm, { ...kernel, unitForgetBias: true }),
  simpleRNN: withDefaults(tf.layers.simpleRNN, kernel),
};
