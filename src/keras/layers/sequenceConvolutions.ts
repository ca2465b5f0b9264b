import { tf } from "../../tensorflow/tf.ts";
import {
  tfjsClass,
  type ConvolutionArgs,
  type ConvolutionClass,
  type DepthwiseArgs,
} from "./convolutionClass.ts";
// The layers for pictures that these are made of.
import "./depthwiseConvolution.ts";
import type { TransposedArgs } from "./transposedConvolutions.ts";
import "./transposedConvolutions.ts";
import { only, onlyShape, type Kwargs } from "./kerasLayer.ts";

const oneNumber = (value: number | number[] = 1): number => [value].flat()[0]!;

/**
 * A layer for sequences, made of TensorFlow.js' layer for pictures: a sequence is a picture of one row. Weights have the shapes of
 * Keras' layer, without the axis of the rows.
 *
 * @param along the strides of rows and columns, for a stride of the sequence
 * @param withRow further settings of the layer for pictures
 */
function forSequences<Args extends DepthwiseArgs>(
  className: string,
  ofPictures: string,
  along: (stride: number) => [number, number],
  withRow: (args: Args) => object = () => ({}),
): ConvolutionClass<Args> {
  const Convolution = class extends tfjsClass(ofPictures) {
    static readonly className: string = className;

    constructor(args: Args) {
      super({
        ...args,
        kernelSize: [1, oneNumber(args.kernelSize)],
        strides: along(oneNumber(args.strides)),
        dilationRate: [1, oneNumber(args.dilationRate)],
        ...withRow(args),
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
        ...(this.outputPadding && { outputPadding: this.outputPadding.slice(1) }),
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
export const Conv1DTranspose = forSequences<TransposedArgs>(
  "Conv1DTranspose",
  "Conv2DTranspose",
  (stride) => [1, stride],
  ({ outputPadding }) =>
    outputPadding === undefined || outputPadding === null
      ? {}
      : { outputPadding: [0, oneNumber(outputPadding)] },
);
