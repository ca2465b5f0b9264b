import { tf } from "../../tensorflow/tf.ts";
import { Conv1D, Conv2D, Conv3D } from "../layers/convolutions.ts";
import { DepthwiseConv2D } from "../layers/depthwiseConvolution.ts";
import { Conv2DTranspose, Conv3DTranspose } from "../layers/transposedConvolutions.ts";

/** A function that makes a layer of a class. */
export const maker =
  <Args extends unknown[], Made>(layer: new (...args: Args) => Made) =>
  (...args: Args): Made =>
    new layer(...args);

/** Makes layers whose settings, where they are left out, are others than TensorFlow.js's. */
export const withDefaults =
  <Args extends object, Made>(make: (args: Args) => Made, defaults: object) =>
  (args: Args): Made =>
    make({ ...defaults, ...args });

export const kernel = { kernelInitializer: "glorotUniform" };
export const depthwise = { depthwiseInitializer: "glorotUniform" };
export const separable = { ...depthwise, pointwiseInitializer: "glorotUniform" };

/**
 * The layers of `tf.layers` that Keras begins with other weights: their kernels are drawn by `glorotUniform`, where
 * TensorFlow.js takes `glorotNormal`, and the forget gate of `lstm` begins open. Convolutions have `groups`, transposed
 * ones `outputPadding`, and that of sequences the padding `"causal"`; other options are those of `tf.layers`.
 *
 * ```ts
 * layers.dense({ units: 10 }); // tf.layers.dense({ units: 10, kernelInitializer: "glorotUniform" })
 * ```
 */
export const defaultLayers = {
  conv1d: withDefaults(maker(Conv1D), kernel),
  conv2d: withDefaults(maker(Conv2D), kernel),
  conv2dTranspose: withDefaults(maker(Conv2DTranspose), kernel),
  conv3d: withDefaults(maker(Conv3D), kernel),
  conv3dTranspose: withDefaults(maker(Conv3DTranspose), kernel),
  dense: withDefaults(tf.layers.dense, kernel),
  depthwiseConv2d: withDefaults(maker(DepthwiseConv2D), depthwise),
  lstm: withDefaults(tf.layers.lstm, { ...kernel, unitForgetBias: true }),
  separableConv2d: withDefaults(tf.layers.separableConv2d, separable),
  simpleRNN: withDefaults(tf.layers.simpleRNN, kernel),
};
