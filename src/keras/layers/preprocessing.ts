import { InputError } from "../../errors.ts";
import { tf } from "../../tensorflow/tf.ts";
import { KerasLayer, only, onlyShape, type LayerArgs } from "./kerasLayer.ts";
import { cropAndResize, padAndResize, resize, type ResizeMethod } from "./resize.ts";

export interface RescalingSettings {
  scale: number | number[];
  offset: number | number[];
}

/** Multiplies by `scale` and adds `offset`; a list has one number for each channel. */
export class Rescaling extends KerasLayer<RescalingSettings> {
  static readonly className = "Rescaling";
  override supportsMasking = true;

  constructor(args: LayerArgs & Partial<RescalingSettings> & { scale: number | number[] }) {
    super(args, { scale: args.scale, offset: 0 });
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const { scale, offset } = this.settings;
    return tf.tidy(() => only(inputs).toFloat().mul(scale).add(offset));
  }
}

export type Nested = number | Nested[];

export interface NormalizationSettings {
  axis: number | number[] | null;
  mean: Nested | null;
  variance: Nested | null;
  invert: boolean;
}

/**
 * Shifts and scales to mean 0 and variance 1, for each place along `axis`: by numbers that are given, or by those that
 * {@link Normalization.adapt} found in data.
 */
export class Normalization extends KerasLayer<NormalizationSettings> {
  static readonly className = "Normalization";
  override supportsMasking = true;
  #weights: { mean: tf.LayerVariable; variance: tf.LayerVariable; count: tf.LayerVariable } | undefined;
  #shape: number[] = [];

  constructor(args: LayerArgs & Partial<NormalizationSettings> = {}) {
    super(args, { axis: -1, mean: null, variance: null, invert: false });
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const shape = onlyShape(inputShape);
    const { axis, mean } = this.settings;
    const kept = (axis === null ? [] : [axis].flat()).map((one) => (one < 0 ? one + shape.length : one));
    this.#shape = shape.map((length, index) => (kept.includes(index) ? length! : 1));
    if (mean === null) {
      const own = shape.filter((_, index) => kept.includes(index));
      const weight = (name: string, of: tf.Shape, initializer: "zeros" | "ones", dtype?: "int32") =>
        this.addWeight(name, of, dtype, tf.initializers[initializer](), undefined, false);
      this.#weights = {
        mean: weight("mean", own, "zeros"),
        variance: weight("variance", own, "ones"),
        count: weight("count", [], "zeros", "int32"),
      };
    }
    super.build(shape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const { mean, variance, invert } = this.settings;
      const wide = (given: Nested | null, weight: tf.LayerVariable | undefined): tf.Tensor => {
        const values = weight ? weight.read() : tf.tensor(given as number[], undefined, "float32");
        return values.size === 1 ? values.reshape([]) : values.reshape(this.#shape);
      };
      const middle = wide(mean, this.#weights?.mean);
      const spread = wide(variance, this.#weights?.variance).sqrt().maximum(1e-7);
      const x = only(inputs).toFloat();
      return invert ? x.mul(spread).add(middle) : x.sub(middle).div(spread);
    });
  }

  /**
   * Takes mean and variance from data, all of it at once.
   *
   * ```ts
   * const normalization = layers.normalization();
   * normalization.adapt(images);
   * ```
   *
   * @param data a batch of inputs
   */
  adapt(data: tf.Tensor): void {
    if (!this.built) this.build([null, ...data.shape.slice(1)]);
    const weights = this.#weights;
    if (weights === undefined) {
      const fix = "leave mean and variance out";
      throw new InputError({
        who: "adapt",
        expected: "a layer that looks at data",
        found: "given mean and variance",
        fix,
      });
    }
    tf.tidy(() => {
      const axes = this.#shape.flatMap((length, index) =>
        length === 1 && data.shape[index] !== 1 ? [index] : [],
      );
      const { mean, variance } = tf.moments(data.toFloat(), axes);
      weights.mean.write(mean.reshape(weights.mean.shape as number[]));
      weights.variance.write(variance.reshape(weights.variance.shape as number[]));
    });
  }
}

export interface ResizingSettings {
  height: number;
  width: number;
  interpolation: ResizeMethod;
  /** Whether what has not the new proportions is cut off before. Default false. */
  cropToAspectRatio: boolean;
  /** Whether pictures get their new proportions by `fillValue` around them. Default false. */
  padToAspectRatio: boolean;
  fillValue: number;
}

/** Resizes pictures as Keras does, measuring from the middles of pixels; TensorFlow.js' layer of that name measures from corners. */
export class Resizing extends KerasLayer<ResizingSettings> {
  static readonly className = "Resizing";

  constructor(args: LayerArgs & Partial<ResizingSettings> & { height: number; width: number }) {
    super(args, {
      height: args.height,
      width: args.width,
      interpolation: "bilinear",
      cropToAspectRatio: false,
      padToAspectRatio: false,
      fillValue: 0,
    });
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const shape = onlyShape(inputShape);
    return [...shape.slice(0, -3), this.settings.height, this.settings.width, ...shape.slice(-1)];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const { height, width, interpolation, cropToAspectRatio, padToAspectRatio, fillValue } = this.settings;
    const images = only(inputs) as tf.Tensor4D;
    if (cropToAspectRatio) return cropAndResize(images, [height, width], interpolation);
    if (padToAspectRatio) return padAndResize(images, [height, width], interpolation, fillValue);
    return resize(images, [height, width], interpolation);
  }
}

export interface CenterCropSettings {
  height: number;
  width: number;
}

/** Cuts the middle out of pictures. One that is too small is enlarged instead, without what has not its proportions, as in Keras. */
export class CenterCrop extends KerasLayer<CenterCropSettings> {
  static readonly className = "CenterCrop";

  constructor(args: LayerArgs & CenterCropSettings) {
    super(args, { height: args.height, width: args.width });
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const shape = onlyShape(inputShape);
    return [...shape.slice(0, -3), this.settings.height, this.settings.width, ...shape.slice(-1)];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const { height, width } = this.settings;
    return tf.tidy(() => {
      const images = only(inputs).toFloat() as tf.Tensor4D;
      const [batch, h, w, channels] = images.shape;
      if (h < height || w < width) return cropAndResize(images, [height, width], "bilinear");
      const [top, left] = [Math.floor((h - height) / 2), Math.floor((w - width) / 2)];
      return images.slice([0, top, left, 0], [batch, height, width, channels]);
    });
  }
}

for (const layer of [Rescaling, Normalization, Resizing, CenterCrop]) {
  tf.serialization.registerClass(layer);
}
