import { InputError } from "../../errors.ts";
import { tf } from "../../tensorflow/tf.ts";
import { KerasLayer, only, type Kwargs, type LayerArgs } from "./kerasLayer.ts";

export interface ActivitySettings {
  l1: number;
  l2: number;
}

/** Hands on what it is given. In Keras it adds a penalty on that to the loss; a model that has it predicts, and cannot be trained. */
export class ActivityRegularization extends KerasLayer<ActivitySettings> {
  static readonly className = "ActivityRegularization";
  override supportsMasking = true;

  constructor(args: LayerArgs & Partial<ActivitySettings> = {}) {
    super(args, { l1: 0, l2: 0 });
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Kwargs): tf.Tensor {
    const { l1, l2 } = this.settings;
    if (kwargs.training !== true || (l1 === 0 && l2 === 0)) return only(inputs).clone();
    const found = `ActivityRegularization "${this.name}"`;
    const expected = "layers whose penalties are on weights";
    const fix = "build the model without it to train it";
    throw new InputError({ who: "fit", expected, found, fix });
  }
}

tf.serialization.registerClass(ActivityRegularization);
