import { tf } from "../../tensorflow/tf.ts";
import { maskOf } from "./masks.ts";

type Masks = readonly (tf.Tensor | null | undefined)[] | null;

/** What layers that make one tensor of several have; the class that most of them share is not exported. */
interface Merging {
  axis: number;
  computeMask(inputs: readonly tf.Tensor[], masks?: Masks): tf.Tensor | null;
}

const concatenate = Object.getPrototypeOf(tf.layers.concatenate()) as Merging;
const merge = Object.getPrototypeOf(Object.getPrototypeOf(tf.layers.add())) as Merging;

// A step counts where it does in any of the inputs, and everywhere where an input has no mask. TensorFlow.js takes the first's.
merge.computeMask = (_, masks) => {
  const known = masks?.flatMap((mask) => (mask ? [mask] : [])) ?? [];
  if (known.length === 0 || known.length < masks!.length) return null;
  return tf.tidy(() => known.map((mask) => mask.toBool()).reduce((one, other) => tf.logicalOr(one, other)));
};

// A step counts where anything in it does; for TensorFlow.js all has to.
concatenate.computeMask = function (this: Merging, inputs, masks) {
  if (!masks?.some(Boolean)) return null;
  return tf.tidy(() => {
    const wide = inputs.map((input, index) => {
      const mask = masks[index];
      if (!mask) return tf.onesLike(input).toBool();
      return mask.rank < input.rank ? mask.toBool().expandDims(-1).broadcastTo(input.shape) : mask.toBool();
    });
    return tf.concat(wide, this.axis).any(-1);
  });
};

const multiply = Object.getPrototypeOf(tf.layers.multiply()) as {
  mergeFunction: (inputs: tf.Tensor[]) => tf.Tensor;
};
const { mergeFunction } = multiply;

// As in Keras 3, what is masked changes no product, and a step that is masked everywhere is zero.
multiply.mergeFunction = function (inputs) {
  const masks = inputs.map((input) => maskOf(input)?.toBool().expandDims(-1).broadcastTo(input.shape));
  const factors = inputs.map((input, index) => {
    const mask = masks[index];
    return mask ? tf.where(mask, input, tf.onesLike(input)) : input;
  });
  const product = mergeFunction.call(this, factors);
  const known = masks.flatMap((mask) => mask ?? []);
  if (known.length < masks.length) return product;
  return tf.where(
    known.reduce((one, other) => tf.logicalOr(one, other)),
    product,
    tf.zerosLike(product),
  );
};
