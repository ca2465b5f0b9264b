import { tf } from "../../tensorflow/tf.ts";
import { between, drawNoise } from "../compiled/drawNoise.ts";
import { affineTransform, type FillMode, type Interpolation } from "./affineTransform.ts";
import { KerasLayer, only, onlyShape, type Kwargs, type LayerArgs } from "./kerasLayer.ts";
import { resize } from "./resize.ts";

/** A part by which at most is changed either way, or the two ends. */
export type Factor = number | readonly [least: number, most: number];

const ends = (factor: Factor): readonly [number, number] =>
  typeof factor === "number" ? [-factor, factor] : factor;

interface Seeded {
  seed: number | null;
}

/** A layer that changes pictures while a model is trained, each in its own way, and leaves them alone otherwise. */
export abstract class Augmentation<Settings extends Seeded> extends KerasLayer<Settings> {
  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Kwargs): tf.Tensor {
    const images = only(inputs);
    if (kwargs.training !== true) return images.clone();
    return tf.tidy(() => {
      const batch = images.rank === 3 ? images.expandDims(0) : images;
      return this.change(batch as tf.Tensor4D).reshape(images.shape);
    });
  }

  /** The pictures `[batch, height, width, channels]`, changed. */
  protected abstract change(images: tf.Tensor4D): tf.Tensor4D;

  /** A random number for each picture, other ones at each step. */
  protected draw(shape: readonly number[], [least, most]: readonly [number, number]): tf.Tensor {
    return between(drawNoise(this, this.settings.seed), shape, least, most);
  }
}

export interface FlipSettings extends Seeded {
  mode: "horizontal" | "vertical" | "horizontalAndVertical";
}

/** Mirrors half of the pictures. */
export class RandomFlip extends Augmentation<FlipSettings> {
  static readonly className = "RandomFlip";

  constructor(args: LayerArgs & Partial<FlipSettings> = {}) {
    super(args, { mode: "horizontalAndVertical", seed: null });
  }

  protected override change(images: tf.Tensor4D): tf.Tensor4D {
    const { mode } = this.settings;
    const flip = (pictures: tf.Tensor4D, axis: number) => {
      const chosen = this.draw([pictures.shape[0], 1, 1, 1], [0, 1]).less(0.5);
      return tf.where(chosen, tf.reverse(pictures, axis), pictures);
    };
    const across = mode === "vertical" ? images : flip(images, 2);
    return mode === "horizontal" ? across : flip(across, 1);
  }
}

export interface DrawSettings extends Seeded {
  fillMode: FillMode;
  fillValue: number;
  interpolation: Interpolation;
}

const drawDefaults: DrawSettings = {
  fillMode: "reflect",
  fillValue: 0,
  interpolation: "bilinear",
  seed: null,
};

/** A layer that draws pictures anew by a matrix for each. */
export abstract class RandomAffine<Settings extends object> extends Augmentation<Settings & DrawSettings> {
  protected override change(images: tf.Tensor4D): tf.Tensor4D {
    const [batch, height, width] = images.shape;
    const matrices = tf.concat(this.matrices(batch, height, width), 1) as tf.Tensor2D;
    return affineTransform(images, matrices, this.settings);
  }

  /** Six columns: where the pixel at (x, y) comes from. */
  protected abstract matrices(batch: number, height: number, width: number): tf.Tensor[];
}

/** Turns pictures by a part of the full circle, against the clock where it is positive. */
export class RandomRotation extends RandomAffine<{ factor: Factor }> {
  static readonly className = "RandomRotation";

  constructor(args: LayerArgs & Partial<DrawSettings> & { factor: Factor }) {
    super(args, { ...drawDefaults, factor: args.factor });
  }

  protected override matrices(batch: number, height: number, width: number): tf.Tensor[] {
    const angle = this.draw([batch, 1], ends(this.settings.factor)).mul(2 * Math.PI);
    const [cos, sin] = [angle.cos(), angle.sin()];
    const [x, y] = [(width - 1) / 2, (height - 1) / 2];
    // The middle of the picture stays where it is.
    const c = cos.mul(-x).add(sin.mul(y)).add(x);
    const f = sin.mul(-x).sub(cos.mul(y)).add(y);
    return [cos, sin.neg(), c, sin, cos, f];
  }
}

export interface ZoomSettings {
  heightFactor: Factor;
  widthFactor: Factor | null;
}

/** Makes pictures larger by a negative part, smaller by a positive one; without `widthFactor` evenly. */
export class RandomZoom extends RandomAffine<ZoomSettings> {
  static readonly className = "RandomZoom";

  constructor(args: LayerArgs & Partial<DrawSettings & ZoomSettings> & { heightFactor: Factor }) {
    super(args, { ...drawDefaults, heightFactor: args.heightFactor, widthFactor: null });
  }

  protected override matrices(batch: number, height: number, width: number): tf.Tensor[] {
    const { heightFactor, widthFactor } = this.settings;
    const down = this.draw([batch, 1], ends(heightFactor)).add(1);
    const across = widthFactor === null ? down : this.draw([batch, 1], ends(widthFactor)).add(1);
    const zero = tf.zeros([batch, 1]);
    const offset = (zoom: tf.Tensor, length: number) =>
      zoom
        .neg()
        .add(1)
        .mul((length - 1) / 2);
    return [across, zero, offset(across, width), zero, down, offset(down, height)];
  }
}

export interface TranslationSettings {
  heightFactor: Factor;
  widthFactor: Factor;
}

/** Moves pictures down and to the right by parts of their height and width. */
export class RandomTranslation extends RandomAffine<TranslationSettings> {
  static readonly className = "RandomTranslation";

  constructor(args: LayerArgs & Partial<DrawSettings> & TranslationSettings) {
    super(args, { ...drawDefaults, heightFactor: args.heightFactor, widthFactor: args.widthFactor });
  }

  protected override matrices(batch: number, height: number, width: number): tf.Tensor[] {
    const down = this.draw([batch, 1], ends(this.settings.heightFactor)).mul(-height);
    const across = this.draw([batch, 1], ends(this.settings.widthFactor)).mul(-width);
    const [one, zero] = [tf.ones([batch, 1]), tf.zeros([batch, 1])];
    return [one, zero, across, zero, one, down];
  }
}

export interface LightSettings extends Seeded {
  factor: Factor;
  valueRange: readonly [number, number];
}

/** Moves values away from, or nearer to, the mean of each channel of each picture. */
export class RandomContrast extends Augmentation<LightSettings> {
  static readonly className = "RandomContrast";

  constructor(args: LayerArgs & Partial<LightSettings> & { factor: Factor }) {
    super(args, { factor: args.factor, valueRange: [0, 255], seed: null });
  }

  protected override change(images: tf.Tensor4D): tf.Tensor4D {
    const { factor, valueRange } = this.settings;
    const [below, above] = typeof factor === "number" ? [factor, factor] : factor;
    const contrast = this.draw([images.shape[0], 1, 1, 1], [1 - below, 1 + above]);
    const mean = images.mean([1, 2], true);
    return images
      .sub(mean)
      .mul(contrast)
      .add(mean)
      .clipByValue(...valueRange) as tf.Tensor4D;
  }
}

/** Makes pictures brighter or darker by a part of the range of values. */
export class RandomBrightness extends Augmentation<LightSettings> {
  static readonly className = "RandomBrightness";

  constructor(args: LayerArgs & Partial<LightSettings> & { factor: Factor }) {
    super(args, { factor: args.factor, valueRange: [0, 255], seed: null });
  }

  protected override change(images: tf.Tensor4D): tf.Tensor4D {
    const { factor, valueRange } = this.settings;
    const delta = this.draw([images.shape[0], 1, 1, 1], ends(factor)).mul(valueRange[1] - valueRange[0]);
    return images.add(delta).clipByValue(...valueRange) as tf.Tensor4D;
  }
}

export interface CropSettings extends Seeded {
  height: number;
  width: number;
}

/**
 * Cuts a part of `height` and `width` out of pictures while a model is trained: all of a batch at the same place, another one each
 * time. Smaller pictures are enlarged. When the model only predicts, pictures stay as large as they are, as in Keras 3.
 */
export class RandomCrop extends KerasLayer<CropSettings> {
  static readonly className = "RandomCrop";

  constructor(args: LayerArgs & Partial<CropSettings> & { height: number; width: number }) {
    super(args, { height: args.height, width: args.width, seed: null });
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const shape = onlyShape(inputShape);
    return [...shape.slice(0, -3), this.settings.height, this.settings.width, ...shape.slice(-1)];
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Kwargs): tf.Tensor {
    const images = only(inputs) as tf.Tensor4D;
    if (kwargs.training !== true) return images.clone();
    const { height, width, seed } = this.settings;
    const [, h, w] = images.shape;
    return tf.tidy(() => {
      const isLarge = h > height && w > width;
      const place = (length: number, size: number, window: number): tf.Tensor1D => {
        const middle = Math.floor((length - Math.max(1, Math.min(length, window))) / 2);
        const start = isLarge
          ? between(drawNoise(this, seed), [], 0, length - size + 1).floor()
          : tf.scalar(middle);
        const kept = isLarge ? size : Math.min(size, length - middle);
        return tf.range(0, kept).add(start).toInt() as tf.Tensor1D;
      };
      const rows = place(h, height, Math.floor((w * height) / width));
      const columns = place(w, width, Math.floor((h * width) / height));
      const cropped = images.toFloat<tf.Tensor4D>().gather(rows, 1).gather(columns, 2);
      return isLarge ? cropped : resize(cropped, [height, width], "bilinear");
    });
  }
}

for (const layer of [
  RandomCrop,
  RandomFlip,
  RandomRotation,
  RandomZoom,
  RandomTranslation,
  RandomContrast,
  RandomBrightness,
]) {
  tf.serialization.registerClass(layer);
}
