import { tf } from "../../tensorflow/tf.ts";
import { tfjsClass } from "./convolutionClass.ts";
import { dilate } from "./dilate.ts";
import { only, onlyShape, type Kwargs } from "./kerasLayer.ts";

/** What TensorFlow.js' layer has besides, and its types hide. */
interface DepthwiseInternals {
  depthwiseKernel: tf.LayerVariable;
  depthwiseConstraint: tf.serialization.Serializable | null;
}

/** TensorFlow.js' layer, which takes a dilation and forgets it, and writes its constraint as it writes its regularizer. */
export class DepthwiseConv2D extends tfjsClass("DepthwiseConv2D") {
  static readonly className: string = "DepthwiseConv2D";

  get #own(): DepthwiseInternals {
    return this as unknown as DepthwiseInternals;
  }

  get #isDilated(): boolean {
    return this.dilationRate.some((rate) => rate > 1);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    if (!this.#isDilated) return onlyShape(super.computeOutputShape(inputShape));
    // The kernel with its gaps is a larger one.
    const { kernelSize, dilationRate } = this;
    this.kernelSize = kernelSize.map((length, axis) => (length - 1) * dilationRate[axis]! + 1);
    try {
      return onlyShape(super.computeOutputShape(inputShape));
    } finally {
      this.kernelSize = kernelSize;
    }
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Kwargs): tf.Tensor | tf.Tensor[] {
    if (!this.#isDilated) return super.call(inputs, kwargs);
    return tf.tidy(() => {
      const isFirst = this.dataFormat === "channelsFirst";
      const given = only(inputs) as tf.Tensor4D;
      const x = isFirst ? given.transpose<tf.Tensor4D>([0, 2, 3, 1]) : given;
      const kernel = dilate(this.#own.depthwiseKernel.read() as tf.Tensor4D, this.dilationRate);
      const sums = tf.depthwiseConv2d(x, kernel, this.strides as [number, number], this.padding);
      const y = this.activation.apply(this.bias ? tf.add(sums, this.bias.read()) : sums);
      return isFirst ? y.transpose([0, 3, 1, 2]) : y;
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { depthwiseConstraint: constraint } = this.#own;
    const described = constraint && { className: constraint.getClassName(), config: constraint.getConfig() };
    return { ...super.getConfig(), depthwiseConstraint: described };
  }
}

tf.serialization.registerClass(DepthwiseConv2D);
