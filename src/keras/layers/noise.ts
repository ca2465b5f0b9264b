import { drawNoise } from "../compiled/drawNoise.ts";
import { alphaDropout, gaussianDropout, gaussianNoise } from "../compiled/noises.ts";
import { tf } from "../../tensorflow/tf.ts";
import { KerasLayer, only, type Kwargs, type LayerArgs } from "./kerasLayer.ts";

export interface Seeded {
  seed: number | null;
}

/** A layer that changes its inputs at random while a model is trained, with a `seed`, which TensorFlow.js's do not take. */
abstract class Noise<Settings extends Seeded> extends KerasLayer<Settings> {
  override supportsMasking = true;

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Kwargs): tf.Tensor {
    const x = only(inputs);
    if (kwargs.training !== true || !this.isOn) return x.clone();
    return tf.tidy(() => this.change(x));
  }

  /** Whether there is anything to change. */
  protected abstract readonly isOn: boolean;
  protected abstract change(x: tf.Tensor): tf.Tensor;
}

/** Adds numbers of a normal distribution. */
export class GaussianNoise extends Noise<Seeded & { stddev: number }> {
  static readonly className = "GaussianNoise";
  constructor(args: LayerArgs & Partial<Seeded> & { stddev: number }) {
    super(args, { stddev: args.stddev, seed: null });
  }
  protected override get isOn(): boolean {
    return this.settings.stddev > 0;
  }
  protected override change(x: tf.Tensor): tf.Tensor {
    const { stddev, seed } = this.settings;
    return gaussianNoise(x, stddev, drawNoise(this, seed));
  }
}

/** Multiplies with numbers of a normal distribution around 1. */
export class GaussianDropout extends Noise<Seeded & { rate: number }> {
  static readonly className = "GaussianDropout";
  constructor(args: LayerArgs & Partial<Seeded> & { rate: number }) {
    super(args, { rate: args.rate, seed: null });
  }
  protected override get isOn(): boolean {
    return this.settings.rate > 0 && this.settings.rate < 1;
  }
  protected override change(x: tf.Tensor): tf.Tensor {
    const { rate, seed } = this.settings;
    return gaussianDropout(x, rate, drawNoise(this, seed));
  }
}

export interface AlphaDropoutSettings extends Seeded {
  rate: number;
  noiseShape: (number | null)[] | null;
}

/** Drops inputs of a self-normalizing network, so that their mean and variance stay. */
export class AlphaDropout extends Noise<AlphaDropoutSettings> {
  static readonly className = "AlphaDropout";
  constructor(args: LayerArgs & Partial<AlphaDropoutSettings> & { rate: number }) {
    super(args, { rate: args.rate, noiseShape: null, seed: null });
  }
  protected override get isOn(): boolean {
    return this.settings.rate > 0 && this.settings.rate < 1;
  }
  protected override change(x: tf.Tensor): tf.Tensor {
    const { rate, noiseShape, seed } = this.settings;
    const shape = noiseShape?.map((length, axis) => length ?? x.shape[axis]!) ?? x.shape;
    return alphaDropout(x, rate, shape, drawNoise(this, seed));
  }
}

for (const layer of [GaussianNoise, GaussianDropout, AlphaDropout]) tf.serialization.registerClass(layer);
