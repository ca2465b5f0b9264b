import { tf } from "../../tensorflow/tf.ts";

// Keras 3's; TensorFlow.js' `hardSigmoid` is Keras 2's, which is 0.2 x + 0.5 between 0 and 1.
export const hardSigmoid = (x: tf.Tensor): tf.Tensor => x.add(3).clipByValue(0, 6).div(6);
const hardSilu = (x: tf.Tensor): tf.Tensor => x.mul(hardSigmoid(x));

/** The exponential linear unit; TensorFlow.js' has no `alpha` but 1. */
export function elu(x: tf.Tensor, alpha = 1): tf.Tensor {
  return x.relu().add(x.minimum(0).expm1().mul(alpha));
}

/** A softmax along any axis; TensorFlow.js' own is along the last. */
export function softmaxAlong(
  x: tf.Tensor,
  axis: number,
  compute: (logits: tf.Tensor, axis: number) => tf.Tensor,
): tf.Tensor {
  const last = x.rank - 1;
  const at = axis < 0 ? axis + x.rank : axis;
  if (at === last) return compute(x, last);
  const order = x.shape.map((_, index) => index);
  const swapped = order.with(at, last).with(last, at);
  return compute(x.transpose(swapped), last).transpose(swapped);
}

// So that its layer, whose axis is the second if nothing is said, takes maps and sequences, too.
const softmax = tf.serialization.SerializationMap.getMap().classNameMap.softmax![0].prototype as unknown as {
  apply(x: tf.Tensor, axis?: number): tf.Tensor;
};
softmax.apply = (x, axis = -1) => tf.tidy(() => softmaxAlong(x, axis, tf.softmax));

/** Scores that fall to zero (Martins and Astudillo 2016), with the threshold that Keras 3 takes: it sums sums. */
function sparsemax(logits: tf.Tensor): tf.Tensor {
  const size = logits.shape.at(-1)!;
  const { values } = tf.topk(logits, size, true);
  const sums = values.cumsum(-1);
  const isKept = values
    .sub(sums.sub(1).div(tf.range(1, size + 1)))
    .greater(0)
    .toFloat();
  const threshold = sums.mul(isKept).sum(-1, true).sub(1).div(isKept.sum(-1, true));
  return logits.sub(threshold).relu();
}

function glu(x: tf.Tensor): tf.Tensor {
  const [values, gates] = tf.split(x, 2, -1);
  return values!.mul(gates!.sigmoid());
}

/** Functions of Keras 3 that TensorFlow.js has not, as `keras.activations` defines them, under the names that layers take. */
export const activationFunctions: Readonly<Record<string, (x: tf.Tensor) => tf.Tensor>> = {
  exponential: (x) => x.exp(),
  celu: elu,
  hardSigmoid3: hardSigmoid,
  hardSilu,
  hardTanh: (x) => x.clipByValue(-1, 1),
  hardShrink: (x) => tf.where(x.abs().greater(0.5), x, tf.zerosLike(x)),
  softShrink: (x) => x.sub(x.clipByValue(-0.5, 0.5)),
  tanhShrink: (x) => x.sub(x.tanh()),
  leakyRelu: (x) => tf.leakyRelu(x, 0.2),
  logSigmoid: (x) => tf.softplus(x.neg()).neg(),
  squareplus: (x) => x.add(x.square().add(4).sqrt()).div(2),
  sparsePlus: (x) => tf.where(x.abs().less(1), x.add(1).square().div(4), x.relu()),
  glu,
  sparsemax,
  sparseSigmoid: (x) => x.add(1).div(2).clipByValue(0, 1),
};

for (const [className, apply] of Object.entries(activationFunctions)) {
  const activation = class extends tf.serialization.Serializable {
    static readonly className = className;
    apply(x: tf.Tensor): tf.Tensor {
      return tf.tidy(() => apply(x));
    }
    getConfig(): tf.serialization.ConfigDict {
      return {};
    }
  };
  tf.serialization.registerClass(activation);
}
