import { tf } from "../../tensorflow/tf.ts";
import { drawNoise } from "../compiled/drawNoise.ts";
import { dropout } from "../compiled/noises.ts";
import { elu } from "./activationFunctions.ts";
import { KerasLayer, only, onlyShape, type Kwargs, type LayerArgs } from "./kerasLayer.ts";

/** Hands on what it is given. */
export class Identity extends KerasLayer<object> {
  static readonly className = "Identity";
  override supportsMasking = true;
  constructor(args: LayerArgs = {}) {
    super(args, {});
  }
  /** Keras has an initializer of this name, too, and TensorFlow.js one table of names for all. Only layers have a name of their own. */
  static override fromConfig<Made extends tf.serialization.Serializable>(
    layer: tf.serialization.SerializableConstructor<Made>,
    config: tf.serialization.ConfigDict,
  ): Made {
    if ("name" in config) return new layer(config);
    return tf.initializers.identity(config) as tf.serialization.Serializable as Made;
  }
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return only(inputs).clone();
  }
}

/** The first of two inputs less the second. */
export class Subtract extends KerasLayer<object> {
  static readonly className = "Subtract";
  constructor(args: LayerArgs = {}) {
    super(args, {});
  }
  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const [one = [], other = []] = inputShape as tf.Shape[];
    return one.map((length, axis) => (length === 1 ? other[axis]! : length));
  }
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [one, other] = inputs as tf.Tensor[];
    return tf.sub(one!, other!);
  }
}

export interface DropoutSettings {
  rate: number;
  seed: number | null;
  dataFormat: "channelsFirst" | "channelsLast";
}

/** Drops whole channels while a model is trained. */
export abstract class SpatialDropout extends KerasLayer<DropoutSettings> {
  override supportsMasking = true;
  constructor(args: LayerArgs & Partial<DropoutSettings> & { rate: number }) {
    super(args, { rate: args.rate, seed: null, dataFormat: "channelsLast" });
  }
  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Kwargs): tf.Tensor {
    const { rate, seed, dataFormat } = this.settings;
    const input = only(inputs);
    if (kwargs.training !== true || rate === 0) return input.clone();
    const channels = dataFormat === "channelsFirst" ? 1 : input.rank - 1;
    const shape = input.shape.map((length, axis) => (axis === 0 || axis === channels ? length : 1));
    return tf.tidy(() => dropout(input, rate, shape, drawNoise(this, seed)));
  }
}

export class SpatialDropout2D extends SpatialDropout {
  static readonly className = "SpatialDropout2D";
}
export class SpatialDropout3D extends SpatialDropout {
  static readonly className = "SpatialDropout3D";
}

/** The exponential linear unit with any `alpha`; TensorFlow.js' layer has 1 only. */
export class ELU extends KerasLayer<{ alpha: number }> {
  static readonly className = "ELU";
  override supportsMasking = true;
  constructor(args: LayerArgs & { alpha?: number } = {}) {
    super(args, { alpha: 1 });
  }
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => elu(only(inputs), this.settings.alpha));
  }
}

/** Scales inputs to length 1 along `axis`. */
export class UnitNormalization extends KerasLayer<{ axis: number | number[] }> {
  static readonly className = "UnitNormalization";
  override supportsMasking = true;
  constructor(args: LayerArgs & { axis?: number | number[] } = {}) {
    super(args, { axis: -1 });
  }
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = only(inputs);
      return x.div(x.square().sum(this.settings.axis, true).maximum(1e-12).sqrt());
    });
  }
}

export interface GroupSettings {
  groups: number;
  axis: number;
  epsilon: number;
  center: boolean;
  scale: boolean;
}

/** Normalizes groups of channels of each input by their own mean and variance (Wu and He 2018). */
export class GroupNormalization extends KerasLayer<GroupSettings> {
  static readonly className = "GroupNormalization";
  override supportsMasking = true;
  #gamma: tf.LayerVariable | undefined;
  #beta: tf.LayerVariable | undefined;

  constructor(args: LayerArgs & Partial<GroupSettings> = {}) {
    super(args, { groups: 32, axis: -1, epsilon: 1e-3, center: true, scale: true });
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const shape = onlyShape(inputShape);
    const channels = shape.at(this.settings.axis)!;
    const { scale, center } = this.settings;
    if (scale) this.#gamma = this.addWeight("gamma", [channels], undefined, tf.initializers.ones());
    if (center) this.#beta = this.addWeight("beta", [channels], undefined, tf.initializers.zeros());
    super.build(shape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const { groups: wanted, axis: given, epsilon } = this.settings;
    return tf.tidy(() => {
      const x = only(inputs);
      const axis = given < 0 ? given + x.rank : given;
      const channels = x.shape[axis]!;
      // Keras' way to say a group for each channel.
      const groups = wanted === -1 ? channels : wanted;
      const shape = [...x.shape.slice(0, axis), groups, channels / groups, ...x.shape.slice(axis + 1)];
      const axes = shape.flatMap((_, index) => (index === 0 || index === axis ? [] : [index]));
      const grouped = x.reshape(shape);
      const { mean, variance } = tf.moments(grouped, axes, true);
      const normal = grouped.sub(mean).div(variance.add(epsilon).sqrt()).reshape(x.shape);
      const wide = x.shape.map((length, index) => (index === axis ? length : 1));
      const scaled = this.#gamma ? normal.mul(this.#gamma.read().reshape(wide)) : normal;
      return this.#beta ? scaled.add(this.#beta.read().reshape(wide)) : scaled;
    });
  }
}

for (const layer of [
  Identity,
  Subtract,
  SpatialDropout2D,
  SpatialDropout3D,
  ELU,
  UnitNormalization,
  GroupNormalization,
]) {
  tf.serialization.registerClass(layer);
}
