import * as tf from "@tensorflow/tfjs";

type Attributes = tf.NamedAttrMap;
type Inputs = tf.NamedTensorInfoMap;
type Pair = [number, number];

/**
 * Registers the gradients of convolutions that tfjs-backend-wasm lacks (tensorflow/tfjs#8474), and one that it has but slow. Each is
 * composed of other kernels, mostly of the forward convolution, which is the fast one there. Those of dilated convolutions come down to
 * these (gradients/dilatedConvolution.ts).
 */
export function registerWasmConvolutionGradients(): void {
  tf.unregisterKernel("Conv2DBackpropInput", "wasm");
  for (const [kernelName, gradient] of Object.entries(gradients)) {
    tf.registerKernel({
      kernelName,
      backendName: "wasm",
      kernelFunc: ({ inputs, attrs }) => tf.tidy(() => gradient(inputs, attrs!)),
    });
  }
}

const gradients: Record<string, (inputs: Inputs, attributes: Attributes) => tf.Tensor4D> = {
  Conv2DBackpropFilter(inputs, attributes) {
    const [x, dy] = [inputs.x as tf.Tensor4D, inputs.dy as tf.Tensor4D];
    const geometry = geometryOf(x.shape, attributes.filterShape as number[], attributes, false);
    // The gradient of a filter is a convolution too: of the picture with dy, where channels and pictures change places, and the
    // stride is a dilation.
    const channelsFirst = tf.transpose(padded(x, geometry), [3, 1, 2, 0]);
    const moved = tf.transpose(dy, [1, 2, 0, 3]);
    const { strides, filter } = geometry;
    const sums = tf.conv2d(channelsFirst, moved, 1, "valid", "NHWC", strides);
    return tf.transpose(tf.slice(sums, [0, 0, 0, 0], [-1, filter[0], filter[1], -1]), [1, 2, 0, 3]);
  },

  Conv2DBackpropInput(inputs, attributes) {
    const [dy, filter] = [inputs.dy as tf.Tensor4D, inputs.filter as tf.Tensor4D];
    const geometry = geometryOf(attributes.inputShape as number[], filter.shape, attributes, false);
    const turned = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]);
    return tf.conv2d(spread(dy, geometry), turned, 1, "valid");
  },

  DepthwiseConv2dNativeBackpropFilter(inputs, attributes) {
    const [x, dy] = [inputs.x as tf.Tensor4D, inputs.dy as tf.Tensor4D];
    const filterShape = attributes.filterShape as [number, number, number, number];
    const geometry = geometryOf(x.shape, filterShape, attributes, true);
    const [height, width, channels, multiplier] = filterShape;
    const picture = padded(x, geometry);
    const outer = tf.reshape(dy, [-1, channels, multiplier]);
    const { strides, output } = geometry;
    const taps = Array.from({ length: height * width }, (_, tap) => {
      const top = Math.floor(tap / width);
      const left = tap % width;
      const bottom = top + (output[0] - 1) * strides[0] + 1;
      const right = left + (output[1] - 1) * strides[1] + 1;
      const seen = tf.stridedSlice(
        picture,
        [0, top, left, 0],
        [picture.shape[0], bottom, right, channels],
        [1, strides[0], strides[1], 1],
      );
      return tf.sum(tf.mul(tf.reshape(seen, [-1, channels, 1]), outer), 0);
    });
    return tf.reshape(tf.stack(taps), filterShape);
  },

  DepthwiseConv2dNativeBackpropInput(inputs, attributes) {
    const [dy, filter] = [inputs.dy as tf.Tensor4D, inputs.filter as tf.Tensor4D];
    const [height, width, channels, multiplier] = filter.shape;
    const geometry = geometryOf(attributes.inputShape as number[], filter.shape, attributes, true);
    const wide = spread(dy, geometry);
    const [batch, rows, columns] = wide.shape;
    const byMultiple = tf.reshape(wide, [batch, rows, columns, channels, multiplier]);
    const turned = tf.reverse(filter, [0, 1]);
    const parts = Array.from({ length: multiplier }, (_, m) => {
      const part = tf.slice(byMultiple, [0, 0, 0, 0, m], [-1, -1, -1, -1, 1]);
      const weights = tf.slice(turned, [0, 0, 0, m], [-1, -1, -1, 1]);
      return tf.depthwiseConv2d(
        tf.reshape<tf.Rank.R4>(part, [batch, rows, columns, channels]),
        tf.reshape<tf.Rank.R4>(weights, [height, width, channels, 1]),
        1,
        "valid",
      );
    });
    return parts.reduce((sum, part) => tf.add(sum, part));
  },
};

/** Where a convolution's numbers lie: sizes as [rows, columns]. */
interface Geometry {
  /** Of the picture, without padding. */
  input: Pair;
  output: Pair;
  filter: Pair;
  strides: Pair;
  /** How many rows or columns of zeros go before the picture; and after it. */
  before: Pair;
  after: Pair;
}

function geometryOf(
  inputShape: number[],
  filterShape: number[],
  { strides, pad, dimRoundingMode, dataFormat = "NHWC" }: Attributes,
  depthwise: boolean,
): Geometry {
  if (dataFormat !== "NHWC") throw new Error("wasm: convolutions need the data format NHWC");
  const info = tf.backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides as Pair,
    1,
    pad as "same" | "valid" | number,
    dimRoundingMode as "floor" | "round" | "ceil",
    depthwise,
  );
  return {
    input: [info.inHeight, info.inWidth],
    output: [info.outHeight, info.outWidth],
    filter: [info.filterHeight, info.filterWidth],
    strides: [info.strideHeight, info.strideWidth],
    before: [info.padInfo.top, info.padInfo.left],
    after: [info.padInfo.bottom, info.padInfo.right],
  };
}

function padded(x: tf.Tensor4D, { before, after }: Geometry): tf.Tensor4D {
  return fit(x, before, after);
}

/**
 * dy with zeros between its elements, as many as the strides skip, and around it, so that a convolution without padding gives
 * one number for each of the input's.
 */
function spread(dy: tf.Tensor4D, { input, output, filter, strides, before }: Geometry): tf.Tensor4D {
  const [batch, rows, columns, channels] = dy.shape;
  const cells = tf.reshape(dy, [batch, rows, 1, columns, 1, channels]);
  const apart = tf.pad(cells, [
    [0, 0],
    [0, 0],
    [0, strides[0] - 1],
    [0, 0],
    [0, strides[1] - 1],
    [0, 0],
  ]);
  const sizes = [rows * strides[0], columns * strides[1]] as const;
  const wide = tf.reshape<tf.Rank.R4>(apart, [batch, ...sizes, channels]);
  const first = ([0, 1] as const).map((axis) => filter[axis] - 1 - before[axis]) as Pair;
  const last = ([0, 1] as const).map(
    (axis) => input[axis] + before[axis] - output[axis] * strides[axis],
  ) as Pair;
  return fit(wide, first, last);
}

/** Pads rows and columns with zeros, or cuts them off where the number is negative. */
function fit(x: tf.Tensor4D, before: Pair, after: Pair): tf.Tensor4D {
  const kept = tf.slice(
    x,
    [0, Math.max(0, -before[0]), Math.max(0, -before[1]), 0],
    [
      -1,
      x.shape[1] + Math.min(0, before[0]) + Math.min(0, after[0]),
      x.shape[2] + Math.min(0, before[1]) + Math.min(0, after[1]),
      -1,
    ],
  );
  return tf.pad(kept, [
    [0, 0],
    [Math.max(0, before[0]), Math.max(0, after[0])],
    [Math.max(0, before[1]), Math.max(0, after[1])],
    [0, 0],
  ]);
}
