import { tf } from "../../tensorflow/tf.ts";
import { tfjsClass, type ConvolutionArgs, type ConvolutionClass } from "./convolutionClass.ts";
import { dilate } from "./dilate.ts";
import { only, onlyShape } from "./kerasLayer.ts";

/** The settings of a transposed convolution. */
export interface TransposedArgs extends ConvolutionArgs {
  /** How much longer the result is at its end than the least that fits, for each axis. Default: as long as the strides say. */
  outputPadding?: number | number[] | null;
}

function lengthsOf(value: number | number[] | null | undefined, rank: number): number[] | null {
  if (value === undefined || value === null) return null;
  return typeof value === "number" ? Array.from({ length: rank }, () => value) : [...value];
}

/** A transposed convolution of TensorFlow.js that also knows Keras' `outputPadding`, and dilation. */
function withOutputPadding(className: string): ConvolutionClass<TransposedArgs> {
  const Convolution = class extends tfjsClass(className) {
    static readonly className: string = className;
    override readonly outputPadding: number[] | null;

    constructor(args: TransposedArgs) {
      super(args);
      this.outputPadding = lengthsOf(args.outputPadding, this.strides.length);
    }

    /** How long one axis of the result is, as Keras counts it. */
    #lengthOf(length: number | null, axis: number): number | null {
      if (length === null) return null;
      const stride = this.strides[axis]!;
      const kernel = (this.kernelSize[axis]! - 1) * this.dilationRate[axis]! + 1;
      const more = this.outputPadding?.[axis];
      if (this.padding === "valid") {
        return (length - 1) * stride + kernel + (more ?? Math.max(stride - kernel, 0));
      }
      return more === undefined ? length * stride : (length - 1) * stride + (kernel % 2) + more;
    }

    override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
      const shape = onlyShape(inputShape);
      const first = this.dataFormat === "channelsFirst" ? 2 : 1;
      const places = this.strides.map((_, axis) => this.#lengthOf(shape[first + axis]!, axis));
      return first === 2 ? [shape[0]!, this.filters, ...places] : [shape[0]!, ...places, this.filters];
    }

    override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
      return tf.tidy(() => {
        const isFirst = this.dataFormat === "channelsFirst";
        const places = this.strides.map((_, index) => index + 1);
        const given = only(inputs);
        const x = isFirst ? given.transpose([0, ...places.map((place) => place + 1), 1]) : given;
        const lengths = places.map((place) => this.#lengthOf(x.shape[place]!, place - 1)!);
        const shape = [x.shape[0], ...lengths, this.filters];
        const kernel = dilate<tf.Tensor>(this.kernel.read(), this.dilationRate);
        const sums =
          places.length === 2
            ? tf.conv2dTranspose(
                x as tf.Tensor4D,
                kernel as tf.Tensor4D,
                shape as [number, number, number, number],
                this.strides as [number, number],
                this.padding,
              )
            : tf.conv3dTranspose(
                x as tf.Tensor5D,
                kernel as tf.Tensor5D,
                shape as [number, number, number, number, number],
                this.strides as [number, number, number],
                this.padding,
              );
        const y = this.activation.apply(this.bias ? tf.add(sums, this.bias.read()) : sums);
        return isFirst ? y.transpose([0, places.length + 1, ...places]) : y;
      });
    }

    override getConfig(): tf.serialization.ConfigDict {
      const { outputPadding, dilationRate } = this;
      return { ...super.getConfig(), dilationRate, ...(outputPadding && { outputPadding }) };
    }
  };
  tf.serialization.registerClass(Convolution);
  return Convolution;
}

export const Conv2DTranspose = withOutputPadding("Conv2DTranspose");
export const Conv3DTranspose = withOutputPadding("Conv3DTranspose");
