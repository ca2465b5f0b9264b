import * as tf from "@tensorflow/tfjs";
import { isDilated } from "./dilatedConvolution.ts";

type Options = Parameters<typeof tf.fused.conv2d>[0];

/**
 * Lets dilated convolutions with a bias, as layers have them, be differentiated: convolution and bias one after the other, where
 * TensorFlow.js would take both at once, for which it has no gradient. With an activation it takes them apart itself.
 */
export function differentiateFusedDilation(): void {
  for (const name of ["conv2d", "depthwiseConv2d"] as const) {
    // Those who bundle this library with the modules of TensorFlow.js have them for good.
    if (Object.getOwnPropertyDescriptor(tf.fused, name)?.writable !== true) continue;
    const together = tf.fused[name] as (options: Options) => tf.Tensor4D;
    const apart = tf[name];
    const better = (options: Options): tf.Tensor4D => {
      const { x, filter, strides, pad, dataFormat, dilations, dimRoundingMode, bias, activation } = options;
      const usual = tf.engine().state.gradientDepth === 0 || (activation ?? "linear") !== "linear";
      if (usual || !isDilated(dilations)) return together(options);
      const y = apart(
        x as tf.Tensor4D,
        filter,
        strides,
        pad as "same",
        dataFormat,
        dilations,
        dimRoundingMode,
      );
      return bias === undefined ? y : tf.add<tf.Tensor4D>(y, bias);
    };
    Object.assign(tf.fused, { [name]: better });
  }
}
