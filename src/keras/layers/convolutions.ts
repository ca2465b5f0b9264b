import { tf } from "../../tensorflow/tf.ts";
import { only, onlyShape, type Kwargs } from "./kerasLayer.ts";

type TfjsArgs = Parameters<typeof tf.layers.conv2d>[0];

/** What the convolutions of TensorFlow.js have, and its types hide. */
interface Internals {
  kernelSize: number[];
  strides: number[];
  dilationRate: number[];
  padding: "valid" | "same";
  dataFormat: "channelsFirst" | "channelsLast";
  filters: number;
  kernel: tf.LayerVariable;
  bias: tf.LayerVariable | null;
  activation: { apply(x: tf.Tensor): tf.Tensor };
}

/** A convolution's settings, with those of Keras that TensorFlow.js has not. */
export interface ConvolutionArgs extends Omit<TfjsArgs, "kernelSize" | "strides" | "dilationRate"> {
  kernelSize: number | number[];
  strides?: number | number[];
  dilationRate?: number | number[];
  /** Parts into which the channels are divided; each goes into as large a part of the filters. Default 1. */
  groups?: number;
  /** How many filters each channel has, in the layers that work on each channel. Default 1. */
  depthMultiplier?: number;
}

type ConvolutionClass<Args = ConvolutionArgs> = new (args: Args) => tf.layers.Layer;
type DepthwiseArgs = Omit<ConvolutionArgs, "filters" | "groups">;

type TfjsClass = (new (args: object) => tf.layers.Layer & Internals) &
  Pick<tf.serialization.SerializableConstructor<tf.layers.Layer>, "fromConfig">;

const tfjsClass = (name: string): TfjsClass =>
  tf.serialization.SerializationMap.getMap().classNameMap[name]![0] as unknown as TfjsClass;

/** Zeros before the first step, so that no step sees a later one. */
function padBefore(x: tf.Tensor, layer: Internals): tf.Tensor {
  const zeros = (layer.kernelSize.at(-1)! - 1) * layer.dilationRate.at(-1)!;
  const steps = layer.dataFormat === "channelsFirst" ? 2 : 1;
  return tf.pad(
    x,
    x.shape.map((_, axis): [number, number] => (axis === steps ? [zeros, 0] : [0, 0])),
  );
}

function convolve(x: tf.Tensor, kernel: tf.Tensor, layer: Internals): tf.Tensor {
  const { strides, padding, dilationRate } = layer;
  switch (strides.length) {
    case 1:
      return tf.conv1d(x as tf.Tensor3D, kernel as tf.Tensor3D, strides[0]!, padding, "NWC", dilationRate[0]);
    case 2: {
      const [steps, dilations] = [strides, dilationRate] as [[number, number], [number, number]];
      return tf.conv2d(x as tf.Tensor4D, kernel as tf.Tensor4D, steps, padding, "NHWC", dilations);
    }
    default: {
      const [steps, dilations] = [strides, dilationRate] as [number, number, number][];
      return tf.conv3d(x as tf.Tensor5D, kernel as tf.Tensor5D, steps!, padding, "NDHWC", dilations);
    }
  }
}

/** Each part of the channels with its part of the filters. */
function convolveGroups(x: tf.Tensor, kernel: tf.Tensor, layer: Internals, groups: number): tf.Tensor {
  const [rows, columns] = layer.strides;
  if (groups === x.shape.at(-1) && layer.strides.length === 2 && rows === columns) {
    // One channel each: a single operation, which the processor has.
    const shape = [...layer.kernelSize, groups, layer.filters / groups];
    const dilations = layer.dilationRate as [number, number];
    const depthwise = kernel.reshape<tf.Tensor4D>(shape);
    return tf.depthwiseConv2d(x as tf.Tensor4D, depthwise, rows!, layer.padding, "NHWC", dilations);
  }
  const kernels = tf.split(kernel, groups, -1);
  const parts = tf.split(x, groups, -1).map((part, index) => convolve(part, kernels[index]!, layer));
  return tf.concat(parts, -1);
}

/** A convolution of TensorFlow.js that also knows Keras' `groups`, and the padding `"causal"`. */
function withGroups(className: "Conv1D" | "Conv2D" | "Conv3D"): ConvolutionClass {
  const Convolution = class extends tfjsClass(className) {
    static readonly className: string = className;
    readonly groups: number;
    readonly isCausal: boolean;

    constructor(args: ConvolutionArgs) {
      const isCausal = args.padding === "causal";
      super(isCausal ? { ...args, padding: "valid" } : args);
      this.isCausal = isCausal;
      this.groups = args.groups ?? 1;
    }

    override build(inputShape: tf.Shape | tf.Shape[]): void {
      const shape = onlyShape(inputShape);
      const axis = this.dataFormat === "channelsFirst" ? 1 : shape.length - 1;
      const channels = shape[axis]!;
      if (channels % this.groups > 0 || this.filters % this.groups > 0) {
        const counts = `${channels} channels and ${this.filters} filters`;
        throw new Error(`${this.name}: ${counts} cannot be divided into ${this.groups} groups`);
      }
      super.build(shape.map((length, index) => (index === axis ? channels / this.groups : length)));
      this.inputSpec = [{ ndim: shape.length, axes: { [axis]: channels } }];
    }

    override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape | tf.Shape[] {
      if (!this.isCausal) return super.computeOutputShape(inputShape);
      const [batch, length, channels] = onlyShape(inputShape) as [number, number | null, number];
      const before = (this.kernelSize[0]! - 1) * this.dilationRate[0]!;
      return super.computeOutputShape([batch, length === null ? null : length + before, channels]);
    }

    override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Kwargs): tf.Tensor | tf.Tensor[] {
      return tf.tidy(() => {
        const x = this.isCausal ? padBefore(only(inputs), this) : only(inputs);
        if (this.groups === 1) return super.call(x, kwargs);
        const places = this.strides.map((_, index) => index + 1);
        const isFirst = this.dataFormat === "channelsFirst";
        const last = isFirst ? x.transpose([0, ...places.map((place) => place + 1), 1]) : x;
        const sums = convolveGroups(last, this.kernel.read(), this, this.groups);
        const y = this.activation.apply(this.bias ? sums.add(this.bias.read()) : sums);
        return isFirst ? y.transpose([0, places.length + 1, ...places]) : y;
      });
    }

    override getConfig(): tf.serialization.ConfigDict {
      return {
        ...super.getConfig(),
        ...(this.isCausal && { padding: "causal" }),
        ...(this.groups > 1 && { groups: this.groups }),
      };
    }
  };
  tf.serialization.registerClass(Convolution);
  return Convolution;
}

export const Conv1D = withGroups("Conv1D");
export const Conv2D = withGroups("Conv2D");
export const Conv3D = withGroups("Conv3D");

const oneNumber = (value: number | number[] = 1): number => [value].flat()[0]!;

/**
 * A layer for sequences, made of TensorFlow.js' layer for pictures: a sequence is a picture of one row. Weights have the shapes of
 * Keras' layer, without the axis of the rows.
 *
 * @param along the strides of rows and columns, for a stride of the sequence
 */
function forSequences<Args extends DepthwiseArgs>(
  className: string,
  ofPictures: string,
  along: (stride: number) => [number, number],
): ConvolutionClass<Args> {
  const Convolution = class extends tfjsClass(ofPictures) {
    static readonly className: string = className;

    constructor(args: Args) {
      super({
        ...args,
        kernelSize: [1, oneNumber(args.kernelSize)],
        strides: along(oneNumber(args.strides)),
        dilationRate: [1, oneNumber(args.dilationRate)],
      });
      this.inputSpec = [{ ndim: 3 }];
    }

    get #row(): number {
      return this.dataFormat === "channelsFirst" ? 2 : 1;
    }

    #pictureShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
      return onlyShape(inputShape).toSpliced(this.#row, 0, 1);
    }

    protected override addWeight(...args: Parameters<tf.layers.Layer["addWeight"]>): tf.LayerVariable {
      const [name, shape, ...rest] = args;
      if (name === "bias") return super.addWeight(name, shape, ...rest);
      const variable = super.addWeight(name, shape.slice(1), ...rest);
      // Reads as the layer for pictures wants it.
      const picture = Object.create(variable) as tf.LayerVariable;
      picture.read = () => tf.expandDims<tf.Variable>(variable.read(), 0);
      return picture;
    }

    override build(inputShape: tf.Shape | tf.Shape[]): void {
      super.build(this.#pictureShape(inputShape));
      this.inputSpec = [{ ndim: 3 }];
    }

    override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
      return onlyShape(super.computeOutputShape(this.#pictureShape(inputShape))).toSpliced(this.#row, 1);
    }

    override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Kwargs): tf.Tensor {
      const row = this.#row;
      return tf.tidy(() => only(super.call(only(inputs).expandDims(row), kwargs)).squeeze([row]));
    }

    override getConfig(): tf.serialization.ConfigDict {
      return {
        ...super.getConfig(),
        kernelSize: this.kernelSize.slice(1),
        strides: this.strides.slice(1),
        dilationRate: this.dilationRate.slice(1),
      };
    }
  };
  tf.serialization.registerClass(Convolution);
  return Convolution;
}

// TensorFlow convolves each channel only with the same stride for rows and columns; with one row it is all the same.
const same = (stride: number): [number, number] => [stride, stride];

export const DepthwiseConv1D = forSequences<DepthwiseArgs>("DepthwiseConv1D", "DepthwiseConv2D", same);
export const SeparableConv1D = forSequences<ConvolutionArgs>("SeparableConv1D", "SeparableConv2D", same);
export const Conv1DTranspose = forSequences<ConvolutionArgs>(
  "Conv1DTranspose",
  "Conv2DTranspose",
  (stride) => [1, stride],
);
