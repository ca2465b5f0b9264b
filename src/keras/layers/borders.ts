import { tf } from "../../tensorflow/tf.ts";
import { KerasLayer, only, onlyShape, type LayerArgs } from "./kerasLayer.ts";
import { resize, type ResizeMethod } from "./resize.ts";

/** How much on both sides of each axis. */
type Borders = [before: number, after: number][];

/** `2`, `[1, 2]` (of one axis: its sides; of more: each axis), or `[[1, 2], [0, 1], …]`. */
export type BorderSetting = number | readonly number[] | readonly (readonly number[])[];

function bordersOf(setting: BorderSetting, axes: number): Borders {
  if (typeof setting === "number") return Array.from({ length: axes }, () => [setting, setting]);
  if (axes === 1) return [setting.flat() as [number, number]];
  return setting.map((one) => (typeof one === "number" ? [one, one] : ([...one] as [number, number])));
}

/** Which axes are the channels. */
export interface Formatted {
  dataFormat: "channelsFirst" | "channelsLast";
}
type PaddingArgs = LayerArgs & Partial<Formatted> & { padding?: BorderSetting };
type CroppingArgs = LayerArgs & Partial<Formatted> & { cropping?: BorderSetting };

/** The borders of each axis of an input, those of places after the number of inputs, or after the channels. */
function allBorders(setting: BorderSetting, axes: number, { dataFormat }: Formatted): Borders {
  const borders = bordersOf(setting, axes);
  const none: [number, number] = [0, 0];
  return dataFormat === "channelsFirst" ? [none, none, ...borders] : [none, ...borders, none];
}

/** Zeros around the places of an input, not around its channels. */
export abstract class ZeroPadding extends KerasLayer<Formatted & { padding: BorderSetting }> {
  readonly #borders: Borders;

  constructor(args: PaddingArgs, axes: number) {
    super(args, { padding: 1, dataFormat: "channelsLast" });
    this.#borders = allBorders(this.settings.padding, axes, this.settings);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return onlyShape(inputShape).map((length, axis) => {
      const [before, after] = this.#borders[axis]!;
      return length === null ? null : length + before + after;
    });
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.pad(only(inputs), this.#borders);
  }
}

/** Zeros before and after a sequence. */
export class ZeroPadding1D extends ZeroPadding {
  static readonly className = "ZeroPadding1D";
  constructor(args: PaddingArgs = {}) {
    super(args, 1);
  }
}

/** Zeros around a volume. */
export class ZeroPadding3D extends ZeroPadding {
  static readonly className = "ZeroPadding3D";
  constructor(args: PaddingArgs = {}) {
    super(args, 3);
  }
}

/** Cuts off the border of an input's places. */
export abstract class Cropping extends KerasLayer<Formatted & { cropping: BorderSetting }> {
  readonly #borders: Borders;

  constructor(args: CroppingArgs, axes: number) {
    super(args, { cropping: 1, dataFormat: "channelsLast" });
    this.#borders = allBorders(this.settings.cropping, axes, this.settings);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return onlyShape(inputShape).map((length, axis) => {
      const [before, after] = this.#borders[axis]!;
      return length === null ? null : length - before - after;
    });
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const input = only(inputs);
    const begin = input.shape.map((_, axis) => this.#borders[axis]![0]);
    return input.slice(begin, this.computeOutputShape(input.shape) as number[]);
  }
}

/** Cuts off both ends of a sequence. */
export class Cropping1D extends Cropping {
  static readonly className = "Cropping1D";
  constructor(args: CroppingArgs = {}) {
    super(args, 1);
  }
}

/** Cuts off the border of a volume. */
export class Cropping3D extends Cropping {
  static readonly className = "Cropping3D";
  constructor(args: CroppingArgs = {}) {
    super(args, 3);
  }
}

export type Size = number | readonly number[];

/** Repeats each place. */
export abstract class UpSampling<Settings extends Formatted & { size: Size }> extends KerasLayer<Settings> {
  protected readonly factors: readonly number[];

  constructor(args: LayerArgs & Partial<Settings>, defaults: Settings, axes: number) {
    super(args, defaults);
    const { size } = this.settings;
    this.factors = typeof size === "number" ? Array.from({ length: axes }, () => size) : size;
  }

  /** The first axis of places. */
  protected get first(): number {
    return this.settings.dataFormat === "channelsFirst" ? 2 : 1;
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const { first } = this;
    return onlyShape(inputShape).map((length, axis) =>
      length === null ? null : length * (this.factors[axis - first] ?? 1),
    );
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() =>
      this.factors.reduce((map, factor, index) => {
        const axis = index + this.first;
        const copies = Array.from({ length: factor }, () => map.expandDims(axis + 1));
        const shape = map.shape.map((length, at) => (at === axis ? length * factor : length));
        return tf.concat(copies, axis + 1).reshape(shape);
      }, only(inputs)),
    );
  }
}

/** Repeats each step of a sequence. */
export class UpSampling1D extends UpSampling<Formatted & { size: Size }> {
  static readonly className = "UpSampling1D";
  constructor(args: LayerArgs & { size?: Size } = {}) {
    super(args, { size: 2, dataFormat: "channelsLast" }, 1);
  }
}

export interface UpSampling2DSettings extends Formatted {
  size: Size;
  interpolation: ResizeMethod;
}

/** Enlarges pictures as Keras does; TensorFlow.js' layer of that name measures from corners when it is bilinear. */
export class UpSampling2D extends UpSampling<UpSampling2DSettings> {
  static readonly className = "UpSampling2D";
  constructor(args: LayerArgs & Partial<UpSampling2DSettings> = {}) {
    super(args, { size: [2, 2], interpolation: "nearest", dataFormat: "channelsLast" }, 2);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const { interpolation, dataFormat } = this.settings;
    return tf.tidy(() => {
      const given = only(inputs) as tf.Tensor4D;
      const images = dataFormat === "channelsLast" ? given : given.transpose<tf.Tensor4D>([0, 2, 3, 1]);
      const [, height, width] = images.shape;
      const large = resize(images, [height * this.factors[0]!, width * this.factors[1]!], interpolation);
      return dataFormat === "channelsLast" ? large : large.transpose([0, 3, 1, 2]);
    });
  }
}

/** Repeats each place of a volume. */
export class UpSampling3D extends UpSampling<Formatted & { size: Size }> {
  static readonly className = "UpSampling3D";
  constructor(args: LayerArgs & Partial<Formatted> & { size?: Size } = {}) {
    super(args, { size: [2, 2, 2], dataFormat: "channelsLast" }, 3);
  }
}

for (const layer of [
  ZeroPadding1D,
  ZeroPadding3D,
  Cropping1D,
  Cropping3D,
  UpSampling1D,
  UpSampling2D,
  UpSampling3D,
]) {
  tf.serialization.registerClass(layer);
}
