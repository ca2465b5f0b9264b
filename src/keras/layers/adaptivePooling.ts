import { tf } from "../../tensorflow/tf.ts";
import { KerasLayer, only, onlyShape, type LayerArgs } from "./kerasLayer.ts";

export interface AdaptivePoolingSettings {
  /** How many places the result has along each axis. */
  outputSize: number | number[];
  dataFormat: "channelsFirst" | "channelsLast";
}

export type AdaptivePoolingArgs = LayerArgs &
  Partial<AdaptivePoolingSettings> & { outputSize: number | number[] };

/** Mean or largest value of as many parts as the result has places, however large a map is. */
export abstract class AdaptivePooling extends KerasLayer<AdaptivePoolingSettings> {
  readonly #sizes: number[];

  constructor(args: AdaptivePoolingArgs, axes: number) {
    super(args, { outputSize: args.outputSize, dataFormat: "channelsLast" });
    const { outputSize } = args;
    this.#sizes =
      typeof outputSize === "number" ? Array.from({ length: axes }, () => outputSize) : outputSize;
  }

  get #first(): number {
    return this.settings.dataFormat === "channelsFirst" ? 2 : 1;
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return onlyShape(inputShape).map((length, axis) => this.#sizes[axis - this.#first] ?? length);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() =>
      this.#sizes.reduce((x, size, index) => {
        const axis = index + this.#first;
        const length = x.shape[axis]!;
        const parts = Array.from({ length: size }, (_, place) => {
          const start = Math.floor((place * length) / size);
          const end = Math.ceil(((place + 1) * length) / size);
          const begin = x.shape.map((_, at) => (at === axis ? start : 0));
          return this.pool(x.slice(begin, x.shape.with(axis, end - start)), axis);
        });
        return tf.concat(parts, axis);
      }, only(inputs)),
    );
  }

  /** One place of a part. */
  protected abstract pool(part: tf.Tensor, axis: number): tf.Tensor;
}

/** A class of one kind and rank. */
function adaptive(
  kind: "Average" | "Max",
  axes: 1 | 2 | 3,
): new (args: AdaptivePoolingArgs) => tf.layers.Layer {
  const Pooling = class extends AdaptivePooling {
    static readonly className = `Adaptive${kind}Pooling${axes}D`;
    constructor(args: AdaptivePoolingArgs) {
      super(args, axes);
    }
    protected override pool(part: tf.Tensor, axis: number): tf.Tensor {
      return kind === "Average" ? part.mean(axis, true) : part.max(axis, true);
    }
  };
  tf.serialization.registerClass(Pooling);
  return Pooling;
}

export const AdaptiveAveragePooling1D = adaptive("Average", 1);
export const AdaptiveAveragePooling2D = adaptive("Average", 2);
export const AdaptiveAveragePooling3D = adaptive("Average", 3);
export const AdaptiveMaxPooling1D = adaptive("Max", 1);
export const AdaptiveMaxPooling2D = adaptive("Max", 2);
export const AdaptiveMaxPooling3D = adaptive("Max", 3);
