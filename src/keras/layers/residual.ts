import { tf } from "../../tensorflow/tf.ts";
import { drawNoise } from "../compiled/drawNoise.ts";
import { dropout } from "../compiled/noises.ts";
import { KerasLayer, only, onlyShape, type Kwargs, type LayerArgs } from "./kerasLayer.ts";

export interface LayerScaleSettings {
  initValues: number;
  projectionDim: number;
}

/** Multiplies each channel by a learned factor, which begins small (Touvron 2021). ConvNeXt has it. */
export class LayerScale extends KerasLayer<LayerScaleSettings> {
  static readonly className = "LayerScale";
  #gamma: tf.LayerVariable | undefined;

  constructor(args: LayerArgs & Partial<LayerScaleSettings> & { projectionDim: number }) {
    super(args, { initValues: 1e-6, projectionDim: args.projectionDim });
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const { initValues, projectionDim } = this.settings;
    const initializer = tf.initializers.constant({ value: initValues });
    this.#gamma = this.addWeight("gamma", [projectionDim], undefined, initializer);
    super.build(onlyShape(inputShape));
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => only(inputs).mul(this.#gamma!.read()));
  }
}

/** Leaves whole inputs of a batch out while a model is trained (Huang 2016), and makes up for it in the others. */
export class StochasticDepth extends KerasLayer<{ dropPathRate: number }> {
  static readonly className = "StochasticDepth";

  constructor(args: LayerArgs & { dropPathRate: number }) {
    super(args, { dropPathRate: args.dropPathRate });
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Kwargs): tf.Tensor {
    const input = only(inputs);
    if (kwargs.training !== true) return input.clone();
    const { dropPathRate } = this.settings;
    const shape = [input.shape[0], ...input.shape.slice(1).fill(1)];
    return tf.tidy(() => dropout(input, dropPathRate, shape, drawNoise(this, undefined)));
  }
}

/** The first of two inputs and a part of the second. InceptionResNetV2 has it. */
export class CustomScaleLayer extends KerasLayer<{ scale: number }> {
  static readonly className = "CustomScaleLayer";

  constructor(args: LayerArgs & { scale: number }) {
    super(args, { scale: args.scale });
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [one, other] = inputs as [tf.Tensor, tf.Tensor];
    return tf.tidy(() => one.add(other.mul(this.settings.scale)));
  }
}

for (const layer of [LayerScale, StochasticDepth, CustomScaleLayer]) tf.serialization.registerClass(layer);
