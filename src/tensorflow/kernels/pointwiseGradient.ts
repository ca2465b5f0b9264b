import { matMul, reshape, stridedSlice, tidy, type Tensor } from "@tensorflow/tfjs";
import { improveKernel } from "./nodeKernels.ts";

/**
 * Lets the gradient of the weights of a convolution of single pixels with strides be a product of the pixels that it sees. TensorFlow's
 * operation writes beyond its memory there when channels are few (2.21 with oneDNN, 1 × 1 with strides of 2 and 1 to 8 channels), and
 * the process ends, Keras' as well.
 */
export function improvePointwiseGradient(): void {
  improveKernel("Conv2DBackpropFilter", ({ inputs: { x, dy }, attrs }) => {
    const { strides, pad, dataFormat, filterShape } = attrs as {
      strides: number | [number, number];
      pad: unknown;
      dataFormat: string;
      filterShape: [number, number, number, number];
    };
    const [height, width, channels, filters] = filterShape;
    const [down, right] = typeof strides === "number" ? [strides, strides] : strides;
    const isPointwise = height === 1 && width === 1 && (down > 1 || right > 1);
    if (!isPointwise || dataFormat !== "NHWC" || (pad !== "same" && pad !== "valid")) return undefined;
    return tidy(() => {
      const seen = stridedSlice(x as Tensor, [0, 0, 0, 0], x!.shape, [1, down, right, 1]);
      const [pixels, gradients] = [reshape(seen, [-1, channels]), reshape(dy as Tensor, [-1, filters])];
      return reshape(matMul(pixels, gradients, true), filterShape);
    });
  });
}
