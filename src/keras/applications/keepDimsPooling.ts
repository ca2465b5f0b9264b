import { tf } from "../../tensorflow/tf.ts";

interface Config extends tf.serialization.ConfigDict {
  keepdims?: boolean;
  dataFormat?: "channelsFirst" | "channelsLast";
}

/**
 * Keras' GlobalAveragePooling2D with its option `keepdims`, which TensorFlow.js's has not: the result stays a map, of one
 * pixel. It takes the class's place when models are read, so that files of Keras that use the option load.
 */
export class GlobalAveragePooling2D extends tf.layers.Layer {
  static readonly className = "GlobalAveragePooling2D";
  readonly #keepdims: boolean;
  readonly #axes: [number, number];

  constructor(config: Config) {
    super(config as ConstructorParameters<typeof tf.layers.Layer>[0]);
    this.#keepdims = config.keepdims ?? false;
    this.#axes = config.dataFormat === "channelsFirst" ? [2, 3] : [1, 2];
    this.inputSpec = [{ ndim: 4 }];
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    if (this.#keepdims) return inputShape.map((n, axis) => (this.#axes.includes(axis) ? 1 : n));
    return inputShape.filter((_, axis) => !this.#axes.includes(axis));
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => tf.mean([inputs].flat()[0]!, this.#axes, this.#keepdims));
  }

  override getConfig(): tf.serialization.ConfigDict {
    const dataFormat = this.#axes[0] === 2 ? "channelsFirst" : "channelsLast";
    return { ...super.getConfig(), dataFormat, keepdims: this.#keepdims };
  }
}

tf.serialization.registerClass(GlobalAveragePooling2D);
