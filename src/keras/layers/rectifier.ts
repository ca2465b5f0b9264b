import { tf } from "../../tensorflow/tf.ts";
import { softmaxAlong } from "./activationFunctions.ts";
import { tfjsClass } from "./convolutionClass.ts";
import { KerasLayer, only, type Kwargs, type LayerArgs } from "./kerasLayer.ts";

export interface RectifierSettings {
  /** The largest result; `null` for any. */
  maxValue: number | null;
  negativeSlope: number;
  /** From where on values are let through. */
  threshold: number;
}

/** Keras' rectifier with all of its settings: TensorFlow.js has one of them at a time, each as a class of its own. */
export class ReLU extends KerasLayer<RectifierSettings> {
  static readonly className = "ReLU";

  constructor(args: LayerArgs & Partial<RectifierSettings> = {}) {
    super(args, { maxValue: null, negativeSlope: 0, threshold: 0 });
    this.supportsMasking = true;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const { maxValue, negativeSlope, threshold } = this.settings;
    return tf.tidy(() => {
      const x = only(inputs);
      if (threshold === 0 && negativeSlope === 0) {
        if (maxValue === null) return x.relu();
        return maxValue === 6 ? x.relu6() : x.clipByValue(0, maxValue);
      }
      const below = x.sub(threshold).mul(negativeSlope);
      const y = tf.where(x.greaterEqual(threshold), x, below);
      return maxValue === null ? y : y.minimum(maxValue);
    });
  }
}

type Call = (this: { maxValue?: number }, inputs: tf.Tensor | tf.Tensor[], kwargs: Kwargs) => tf.Tensor;
const usual = Object.getPrototypeOf(tf.layers.reLU()) as { call: Call };
const { call } = usual;

// `tf.layers.reLU` with the limit of MobileNet: one operation, as in Keras, where TensorFlow.js takes three.
usual.call = function (inputs, kwargs) {
  return this.maxValue === 6 ? tf.relu6(only(inputs)) : call.call(this, inputs, kwargs);
};

/** TensorFlow.js' own, with the masks of its inputs. */
export class LeakyReLU extends tfjsClass("LeakyReLU") {
  static readonly className = "LeakyReLU";
  override supportsMasking = true;

  constructor(args: LayerArgs & { alpha?: number } = {}) {
    super(args);
  }
}

/** Shares that sum to 1 along one axis, or several. */
export class Softmax extends KerasLayer<{ axis: number | number[] }> {
  static readonly className = "Softmax";

  constructor(args: LayerArgs & { axis?: number | number[] } = {}) {
    super(args, { axis: -1 });
    this.supportsMasking = true;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = only(inputs);
    const axes = [this.settings.axis].flat();
    if (axes.length === 1) return tf.tidy(() => softmaxAlong(x, axes[0]!, tf.softmax));
    return tf.tidy(() => x.sub(x.logSumExp(axes, true)).exp());
  }
}

tf.serialization.registerClass(ReLU);
tf.serialization.registerClass(LeakyReLU);
tf.serialization.registerClass(Softmax);
