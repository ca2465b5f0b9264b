import { tf } from "../../tensorflow/tf.ts";
import {
  tfjsClass,
  type ConvolutionArgs,
  type ConvolutionClass,
  type Internals,
} from "./convolutionClass.ts";
import { dilate } from "./dilate.ts";
import { only, onlyShape, type Kwargs } from "./kerasLayer.ts";

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
      // TensorFlow has no dilation of volumes on the processor.
      const wide = dilate(kernel as tf.Tensor5D, dilationRate);
      return tf.conv3d(x as tf.Tensor5D, wide, strides as [number, number, number], padding, "NDHWC");
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
        const isDilatedVolume = this.strides.length === 3 && this.dilationRate.some((rate) => rate > 1);
        if (this.groups === 1 && !isDilatedVolume) return super.call(x, kwargs);
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
