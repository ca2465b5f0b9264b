import { tf } from "../../../tensorflow/tf.ts";
import { KerasLayer, type Kwargs } from "../kerasLayer.ts";

type Apply = tf.layers.Layer["apply"];

/**
 * A layer whose calls have settings. TensorFlow.js writes those of a model's calls into files, and does not hand them on when
 * the model computes: so they are kept here, and must be the same in all calls.
 */
export abstract class CallLayer<Settings extends object, Call extends object> extends KerasLayer<Settings> {
  #inModel: Call | undefined;
  #now: Call | undefined;

  /** The settings of the call that is under way. */
  protected get callSettings(): Partial<Call> {
    return this.#now ?? this.#inModel ?? {};
  }

  override apply(...[inputs, kwargs]: Parameters<Apply>): ReturnType<Apply> {
    const settings = { ...kwargs } as Call & Kwargs;
    const isSymbolic = [inputs].flat()[0] instanceof tf.SymbolicTensor;
    if (!isSymbolic) {
      const given = Object.keys(settings).filter((key) => key !== "mask" && key !== "training");
      if (given.length > 0) this.#now = settings;
    } else if (this.#inModel === undefined) {
      this.#inModel = settings;
    } else if (JSON.stringify(this.#inModel) !== JSON.stringify(settings)) {
      throw new Error(`${this.name}: a layer that is called twice must be called with the same settings`);
    }
    try {
      return super.apply(inputs, kwargs);
    } finally {
      this.#now = undefined;
    }
  }
}
