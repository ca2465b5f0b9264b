import { tf } from "../../tensorflow/tf.ts";

/** Settings of a layer: those of every layer, and its own. */
export type LayerArgs = ConstructorParameters<typeof tf.layers.Layer>[0];

export type Kwargs = Record<string, unknown>;

/** The one tensor that a layer was called on. */
export const only = (inputs: tf.Tensor | tf.Tensor[]): tf.Tensor => [inputs].flat()[0]!;

/** The one shape that a layer is built for. */
export const onlyShape = (shape: tf.Shape | tf.Shape[]): tf.Shape =>
  Array.isArray(shape[0]) ? shape[0] : (shape as tf.Shape);

/**
 * A layer with settings that are written as they were given. Files find it by its class name, which is Keras'; where
 * TensorFlow.js has a class of that name, this one takes its place when models are read.
 */
export abstract class KerasLayer<Settings extends object> extends tf.layers.Layer {
  protected readonly settings: Settings;

  constructor(args: LayerArgs & Partial<Settings>, defaults: Settings) {
    super(args);
    const given = Object.entries(args).filter(([key, value]) => key in defaults && value !== undefined);
    this.settings = { ...defaults, ...(Object.fromEntries(given) as Partial<Settings>) };
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return [...onlyShape(inputShape)];
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...(this.settings as tf.serialization.ConfigDict) };
  }
}
