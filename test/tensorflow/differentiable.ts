import { tf } from "../../src/tensorflow/tf.ts";

interface Input {
  shape: number[];
  values: Float32Array;
}

/** A function of tensors and a point at which it can be differentiated. */
export interface Differentiable {
  /** The kernel whose gradient is looked at. */
  kernel: string;
  title?: string;
  inputs: Input[];
  of: (...inputs: tf.Tensor[]) => tf.Tensor | tf.Tensor[];
  /** The function whose derivative TensorFlow.js takes instead. */
  like?: Differentiable["of"];
  /** What is wrong with the gradient that TensorFlow.js registers. */
  broken?: string;
}

/** Kernels with a registered gradient that cannot be reached. */
export const unchecked: Record<string, string> = {
  ComplexAbs: "complex numbers cannot be differentiated in TensorFlow.js: the Complex kernel has no gradient",
};

/** The numbers from 0 to below `size` in a mixed order. */
function mixed(size: number): number[] {
  const stride = [7, 11, 13, 17, 5].find((number) => size % number !== 0)!;
  return Array.from({ length: size }, (_, i) => (i * stride + 3) % size);
}

const sizeOf = (shape: number[]) => shape.reduce((a, b) => a * b, 1);

/** Values from `from` to `to`, evenly spread: all different, so that no maximum is doubtful. */
function spread(shape: number[], from = -1, to = 1): Input {
  const size = sizeOf(shape);
  const values = mixed(size).map((place) => from + ((place + 0.31) / size) * (to - from));
  return { shape, values: Float32Array.from(values) };
}

/**
 * Values a quarter apart, none of them near a multiple of a half, where functions bend or jump; two inputs with starts that
 * are an eighth apart have no value in common.
 */
function quarters(shape: number[], start: number): Input {
  return { shape, values: Float32Array.from(mixed(sizeOf(shape)), (place) => start + place / 4) };
}

const positive = (shape: number[]) => spread(shape, 0.4, 2);

type Unary = (x: tf.Tensor) => tf.Tensor;
type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

/** Functions of each value. */
function unary(kernel: string, of: Unary, input = quarters([2, 5], -1.18)): Differentiable {
  return { kernel, inputs: [input], of };
}

/** Functions of two values, with equal shapes and with shapes that are broadcast. */
function binary(kernel: string, of: Binary, { start = -0.68, broken = false } = {}): Differentiable[] {
  const row = (title: string, a: number[], b: number[]): Differentiable => ({
    ...{ kernel, title, of },
    inputs: [quarters(a, start), quarters(b, start + 0.125)],
    ...(broken && title !== "" && { broken: "it is not summed over the axes that were broadcast" }),
  });
  return [
    row("", [2, 3], [2, 3]),
    row("with a row and a column", [1, 4], [3, 1]),
    row("with a scalar", [2, 3], []),
  ];
}

/** Functions that make an axis shorter. */
function reduction(
  kernel: string,
  of: (x: tf.Tensor, axis?: number) => tf.Tensor,
  input = spread([2, 3, 2]),
) {
  return [
    { kernel, title: "of all", inputs: [input], of: (x: tf.Tensor) => of(x) },
    { kernel, title: "along an axis", inputs: [input], of: (x: tf.Tensor) => of(x, 1) },
  ];
}

const as3d = (x: tf.Tensor) => x as tf.Tensor3D;
const as4d = (x: tf.Tensor) => x as tf.Tensor4D;
const as5d = (x: tf.Tensor) => x as tf.Tensor5D;
const as2d = (x: tf.Tensor) => x as tf.Tensor2D;

/** A batch of two small pictures of two channels. */
const pictures = () => spread([2, 4, 4, 2]);

function convolution(title: string, of: Binary, filter: number[], picture = pictures()): Differentiable {
  return { kernel: "Conv2D", title, inputs: [picture, spread(filter)], of };
}

/** The kernels whose gradient is zero wherever there is one. */
const steps = [
  unary("ArgMax", (x) => tf.argMax(x, 1)),
  unary("ArgMin", (x) => tf.argMin(x, 1)),
  unary("Ceil", tf.ceil),
  unary("Floor", tf.floor),
  unary("Round", tf.round),
  unary("Sign", tf.sign),
  unary("Step", (x) => tf.step(x, 0.2)),
  unary("IsFinite", tf.isFinite),
  unary("IsInf", tf.isInf),
  unary("IsNan", tf.isNaN),
  unary("OnesLike", tf.onesLike),
  unary("ZerosLike", tf.zerosLike),
  unary("OneHot", (x) => tf.oneHot(tf.cast(x, "int32"), 4), spread([4], 0.1, 3.7)),
  ...binary("GreaterEqual", tf.greaterEqual),
];

const eachValue = [
  unary("Abs", tf.abs),
  unary("Acos", tf.acos, spread([2, 5], -0.8, 0.8)),
  unary("Acosh", tf.acosh, spread([2, 5], 1.4, 3)),
  unary("Asin", tf.asin, spread([2, 5], -0.8, 0.8)),
  unary("Asinh", tf.asinh),
  unary("Atan", tf.atan),
  unary("Atanh", tf.atanh, spread([2, 5], -0.8, 0.8)),
  unary("Cast", (x) => tf.cast(x, "float32")),
  unary("ClipByValue", (x) => tf.clipByValue(x, -0.8, 0.9)),
  unary("Cos", tf.cos),
  unary("Cosh", tf.cosh),
  unary("Elu", tf.elu),
  unary("Erf", tf.erf),
  unary("Exp", tf.exp),
  unary("Expm1", tf.expm1),
  unary("Identity", (x) => tf.clone(x)),
  unary("LeakyRelu", (x) => tf.leakyRelu(x, 0.3)),
  unary("Log", tf.log, positive([2, 5])),
  unary("Log1p", tf.log1p, positive([2, 5])),
  unary("Neg", tf.neg),
  unary("Reciprocal", tf.reciprocal, positive([2, 5])),
  unary("Relu", tf.relu),
  unary("Relu6", tf.relu6, spread([2, 5], -3, 9)),
  unary("Rsqrt", tf.rsqrt, positive([2, 5])),
  unary("Selu", tf.selu),
  unary("Sigmoid", tf.sigmoid),
  unary("Sin", tf.sin),
  unary("Sinh", tf.sinh),
  unary("Softplus", tf.softplus),
  unary("Sqrt", tf.sqrt, positive([2, 5])),
  unary("Square", tf.square),
  unary("Tan", tf.tan, spread([2, 5], -1, 1)),
  unary("Tanh", tf.tanh),
];

const twoValues = [
  ...binary("Add", tf.add),
  ...binary("Atan2", tf.atan2, { start: 0.32 }),
  ...binary("Maximum", tf.maximum, { broken: true }),
  ...binary("Minimum", tf.minimum, { broken: true }),
  // Seven and some by three: twice everywhere.
  { kernel: "Mod", inputs: [spread([2, 3], 7.2, 7.8), spread([1, 3], 2.9, 3.4)], of: tf.mod },
  ...binary("Multiply", tf.mul),
  ...binary("Pow", tf.pow, { start: 0.45 }),
  {
    ...{ kernel: "Prelu", title: "with one slope a channel", of: tf.prelu },
    inputs: [quarters([2, 4, 3], -2.93), spread([3])],
  },
  ...binary("RealDiv", tf.div, { start: 0.45 }),
  ...binary("SquaredDifference", tf.squaredDifference, { broken: true }),
  ...binary("Sub", tf.sub),
  ...binary("FloorDiv", tf.floorDiv, { start: 0.45 }).map((row) => ({ ...row, like: tf.div })),
];

const reductions = [
  ...reduction("Max", tf.max),
  ...reduction("Mean", tf.mean),
  ...reduction("Min", tf.min),
  ...reduction("Prod", tf.prod, positive([2, 3, 2])),
  ...reduction("Sum", tf.sum),
];

const arrangements: Differentiable[] = [
  { kernel: "AddN", inputs: [spread([2, 3]), spread([2, 3]), positive([2, 3])], of: (...x) => tf.addN(x) },
  {
    kernel: "BatchToSpaceND",
    inputs: [spread([4, 2, 2, 1])],
    of: (x) =>
      tf.batchToSpaceND(
        x,
        [2, 2],
        [
          [0, 1],
          [1, 0],
        ],
      ),
  },
  {
    kernel: "SpaceToBatchND",
    inputs: [spread([1, 3, 4, 2])],
    of: (x) =>
      tf.spaceToBatchND(
        x,
        [2, 2],
        [
          [0, 1],
          [0, 0],
        ],
      ),
  },
  { kernel: "Concat", inputs: [spread([2, 3]), spread([2, 1])], of: (...x) => tf.concat(x, 1) },
  { kernel: "Cumsum", inputs: [spread([2, 4])], of: (x) => tf.cumsum(x, 1) },
  {
    kernel: "Cumsum",
    title: "exclusive, from the end",
    inputs: [spread([2, 4])],
    of: (x) => tf.cumsum(x, 1, true, true),
  },
  {
    kernel: "Cumsum",
    title: "along the first axis",
    inputs: [spread([2, 4])],
    of: (x) => tf.cumsum(x, 0),
    broken: "it is transposed",
  },
  { kernel: "ExpandDims", inputs: [spread([2, 3])], of: (x) => tf.expandDims(x, 1) },
  {
    kernel: "GatherV2",
    inputs: [spread([4, 3])],
    of: (x) => tf.gather(x, tf.tensor1d([3, 0, 3, 1], "int32")),
  },
  {
    kernel: "GatherV2",
    title: "along the last axis",
    inputs: [spread([2, 4])],
    of: (x) => tf.gather(x, tf.tensor1d([2, 2, 0], "int32"), 1),
  },
  {
    kernel: "MirrorPad",
    inputs: [spread([3, 4])],
    of: (x) =>
      tf.mirrorPad(
        x,
        [
          [1, 1],
          [0, 2],
        ],
        "reflect",
      ),
    broken: "what the mirrored values add is left out",
  },
  { kernel: "Pack", inputs: [spread([2, 3]), spread([2, 3])], of: (...x) => tf.stack(x, 1) },
  {
    kernel: "PadV2",
    inputs: [spread([2, 3])],
    of: (x) =>
      tf.pad(
        x,
        [
          [1, 0],
          [2, 1],
        ],
        0.5,
      ),
  },
  { kernel: "Reshape", inputs: [spread([2, 6])], of: (x) => tf.reshape(x, [3, 4]) },
  { kernel: "Reverse", inputs: [spread([2, 3, 2])], of: (x) => tf.reverse(x, [0, 2]) },
  {
    kernel: "Select",
    inputs: [spread([2, 3]), spread([2, 3])],
    of: (a, b) => tf.where(tf.tensor2d([1, 0, 1, 0, 0, 1], [2, 3], "bool"), a, b),
  },
  { kernel: "Slice", inputs: [spread([3, 4])], of: (x) => tf.slice(x, [1, 0], [2, 3]) },
  { kernel: "SplitV", inputs: [spread([2, 6])], of: (x) => tf.split(x, [1, 3, 2], 1) },
  { kernel: "Tile", inputs: [spread([2, 3])], of: (x) => tf.tile(x, [2, 3]) },
  { kernel: "Transpose", inputs: [spread([2, 3, 2])], of: (x) => tf.transpose(x, [2, 0, 1]) },
  { kernel: "Unpack", inputs: [spread([3, 2])], of: (x) => tf.unstack(x, 1) },
  {
    kernel: "UnsortedSegmentSum",
    inputs: [spread([4, 2])],
    of: (x) => tf.unsortedSegmentSum(x, tf.tensor1d([1, 0, 1, 2], "int32"), 3),
  },
];

const products: Differentiable[] = [
  ...[
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ].map(([a, b]): Differentiable => {
    const shapes = [a ? [3, 2] : [2, 3], b ? [4, 3] : [3, 4]];
    const title = [a && "the first transposed", b && "the second transposed"].filter(Boolean).join(", ");
    return {
      ...{ kernel: "BatchMatMul", title },
      inputs: shapes.map((shape) => spread(shape)),
      of: (x, y) => tf.matMul(as2d(x), as2d(y), a, b),
    };
  }),
  {
    ...{ kernel: "BatchMatMul", title: "of stacks" },
    inputs: [spread([2, 2, 3]), spread([2, 3, 2])],
    of: (x, y) => tf.matMul(x, y),
  },
  { kernel: "Softmax", inputs: [spread([3, 4])], of: (x) => tf.softmax(x) },
];

const convolutions: Differentiable[] = [
  convolution("valid", (x, w) => tf.conv2d(as4d(x), as4d(w), 1, "valid"), [3, 3, 2, 2]),
  convolution("same", (x, w) => tf.conv2d(as4d(x), as4d(w), 1, "same"), [3, 2, 2, 3]),
  convolution("with strides", (x, w) => tf.conv2d(as4d(x), as4d(w), [2, 1], "same"), [3, 3, 2, 2]),
  convolution("with a kernel of one", (x, w) => tf.conv2d(as4d(x), as4d(w), 1, "same"), [1, 1, 2, 3]),
  convolution(
    "along one axis",
    (x, w) => tf.conv1d(as3d(x), as3d(w), 1, "same"),
    [3, 2, 2],
    spread([2, 5, 2]),
  ),
  {
    ...{ kernel: "Conv2DBackpropInput", title: "(transposed convolution)" },
    inputs: [spread([1, 2, 2, 2]), spread([3, 3, 2, 2])],
    of: (x, w) => tf.conv2dTranspose(as4d(x), as4d(w), [1, 4, 4, 2], 2, "same"),
  },
  {
    kernel: "Conv3D",
    inputs: [spread([1, 3, 3, 3, 1]), spread([2, 2, 2, 1, 2])],
    of: (x, w) => tf.conv3d(as5d(x), as5d(w), 1, "same"),
  },
  ...[1, 2].map((strides): Differentiable => ({
    ...{ kernel: "DepthwiseConv2dNative", title: `with strides of ${strides}` },
    inputs: [pictures(), spread([3, 3, 2, 2])],
    of: (x, w) => tf.depthwiseConv2d(as4d(x), as4d(w), strides, "same"),
  })),
  {
    kernel: "Dilation2D",
    inputs: [spread([1, 4, 4, 1], -3, 3), spread([2, 2, 1], -0.5, 0.6)],
    of: (x, w) => tf.dilation2d(as4d(x), as3d(w), 1, "valid"),
  },
];

/** Fused with a bias and an activation, as layers use them at prediction. */
const fused: Differentiable[] = [
  {
    ...{ kernel: "_FusedMatMul", title: "with bias and relu" },
    inputs: [spread([2, 3]), spread([3, 4]), spread([4], -0.75, 1.25)],
    of: (a, b, bias) => tf.fused.matMul({ a: as2d(a), b: as2d(b), bias, activation: "relu" }),
  },
  {
    ...{ kernel: "FusedConv2D", title: "with bias and relu" },
    inputs: [pictures(), spread([2, 2, 2, 2]), spread([2], -2.4, -0.4)],
    of: (x, filter, bias) =>
      tf.fused.conv2d({
        ...{ x: as4d(x), filter: as4d(filter), strides: 1, pad: "same", bias },
        activation: "relu",
      }),
  },
  {
    ...{ kernel: "FusedDepthwiseConv2D", title: "with bias and relu" },
    inputs: [pictures(), spread([2, 2, 2, 1]), spread([2], -2.04, -0.04)],
    of: (x, filter, bias) =>
      tf.fused.depthwiseConv2d({
        ...{ x: as4d(x), filter: as4d(filter), strides: 1, pad: "same", bias },
        activation: "relu",
      }),
  },
];

const wide = () => spread([1, 5, 5, 2], -4, 4);

const poolings: Differentiable[] = [
  { kernel: "AvgPool", inputs: [wide()], of: (x) => tf.avgPool(as4d(x), 2, 2, "valid") },
  {
    kernel: "AvgPool",
    title: "overlapping, same",
    inputs: [wide()],
    of: (x) => tf.avgPool(as4d(x), 3, 2, "same"),
  },
  { kernel: "MaxPool", inputs: [wide()], of: (x) => tf.maxPool(as4d(x), 2, 2, "valid") },
  {
    kernel: "MaxPool",
    title: "overlapping, same",
    inputs: [wide()],
    of: (x) => tf.maxPool(as4d(x), 3, 2, "same"),
  },
  {
    kernel: "AvgPool3D",
    inputs: [spread([1, 3, 3, 3, 1], -3, 3)],
    of: (x) => tf.avgPool3d(as5d(x), 2, 1, "same"),
  },
  {
    kernel: "MaxPool3D",
    inputs: [spread([1, 3, 3, 3, 1], -3, 3)],
    of: (x) => tf.maxPool3d(as5d(x), 2, 1, "same"),
  },
  ...[false, true].flatMap((alignCorners): Differentiable[] => {
    const title = alignCorners ? "with aligned corners" : "";
    const inputs = [spread([1, 3, 3, 2])];
    return [
      {
        ...{ kernel: "ResizeBilinear", title, inputs },
        of: (x) => tf.image.resizeBilinear(as4d(x), [5, 4], alignCorners),
      },
      {
        ...{ kernel: "ResizeNearestNeighbor", title, inputs },
        of: (x) => tf.image.resizeNearestNeighbor(as4d(x), [5, 4], alignCorners),
      },
    ];
  }),
];

const normalizations: Differentiable[] = [
  {
    kernel: "FusedBatchNorm",
    inputs: [pictures(), spread([2]), positive([2]), spread([2]), positive([2])],
    of: (x, mean, variance, offset, scale) => {
      const vector = (tensor: tf.Tensor | undefined) => tensor as tf.Tensor1D;
      return tf.batchNorm(as4d(x), vector(mean), vector(variance), vector(offset), vector(scale), 0.01);
    },
  },
  {
    kernel: "LRN",
    inputs: [spread([1, 2, 2, 4])],
    of: (x) => tf.localResponseNormalization(as4d(x), 1, 1, 0.5, 0.6),
  },
];

export const differentiable: Differentiable[] = [
  ...steps,
  ...eachValue,
  ...twoValues,
  ...reductions,
  ...arrangements,
  ...products,
  ...convolutions,
  ...fused,
  ...poolings,
  ...normalizations,
];
