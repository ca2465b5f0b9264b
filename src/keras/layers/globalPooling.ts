import { tf } from "../../tensorflow/tf.ts";
import { KerasLayer, only, onlyShape, type Kwargs, type LayerArgs } from "./kerasLayer.ts";

export interface Settings {
  keepdims: boolean;
  dataFormat: "channelsFirst" | "channelsLast";
}

/** Mean or largest value over all places. With `keepdims`, which TensorFlow.js' layers have not, the result stays a map. */
export abstract class GlobalPooling extends KerasLayer<Settings> {
  constructor(args: LayerArgs & Partial<Settings> = {}) {
    super(args, { keepdims: false, dataFormat: "channelsLast" });
  }

  #axes(rank: number): number[] {
    const first = this.settings.dataFormat === "channelsFirst" ? 2 : 1;
    return Array.from({ length: rank - 2 }, (_, index) => first + index);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const shape = onlyShape(inputShape);
    const axes = this.#axes(shape.length);
    if (this.settings.keepdims) return shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
    return shape.filter((_, axis) => !axes.includes(axis));
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const input = only(inputs);
    return this.pool(input, this.#axes(input.rank), this.settings.keepdims);
  }

  protected abstract pool(input: tf.Tensor, axes: number[], keepdims: boolean): tf.Tensor;
}

export abstract class GlobalAveragePooling extends GlobalPooling {
  protected override pool(input: tf.Tensor, axes: number[], keepdims: boolean): tf.Tensor {
    return tf.mean(input, axes, keepdims);
  }
}

export abstract class GlobalMaxPooling extends GlobalPooling {
  protected override pool(input: tf.Tensor, axes: number[], keepdims: boolean): tf.Tensor {
    return tf.max(input, axes, keepdims);
  }
}

export class GlobalAveragePooling1D extends GlobalAveragePooling {
  static readonly className = "GlobalAveragePooling1D";

  constructor(args: LayerArgs & Partial<Settings> = {}) {
    super(args);
    this.supportsMasking = true;
  }

  /** Steps that are masked do not count. */
  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Kwargs = {}): tf.Tensor {
    const mask = [kwargs.mask as tf.Tensor | null | undefined].flat()[0];
    if (!mask) return super.call(inputs);
    const { keepdims, dataFormat } = this.settings;
    const [steps, channels] = dataFormat === "channelsFirst" ? [2, 1] : [1, 2];
    return tf.tidy(() => {
      const counts = mask.toFloat().expandDims(channels);
      return only(inputs).mul(counts).sum(steps, keepdims).div(counts.sum(steps, keepdims));
    });
  }

  override computeMask(): tf.Tensor {
    return null as unknown as tf.Tensor;
  }
}
export class GlobalAveragePooling2D extends GlobalAveragePooling {
  static readonly className = "GlobalAveragePooling2D";
}
export class GlobalAveragePooling3D extends GlobalAveragePooling {
  static readonly className = "GlobalAveragePooling3D";
}
export class GlobalMaxPooling1D extends GlobalMaxPooling {
  static readonly className = "GlobalMaxPooling1D";
}
export class GlobalMaxPooling2D extends GlobalMaxPooling {
  static readonly className = "GlobalMaxPooling2D";
}
export class GlobalMaxPooling3D extends GlobalMaxPooling {
  static readonly className = "GlobalMaxPooling3D";
}

for (const layer of [
  GlobalAveragePooling1D,
  GlobalAveragePooling2D,
  GlobalAveragePooling3D,
  GlobalMaxPooling1D,
  GlobalMaxPooling2D,
  GlobalMaxPooling3D,
]) {
  tf.serialization.registerClass(layer);
}
