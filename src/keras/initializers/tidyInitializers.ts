import { tf } from "../../tensorflow/tf.ts";

type Initializer = ReturnType<typeof tf.initializers.zeros>;
type AddWeight = (
  this: tf.layers.Layer,
  name: string,
  shape: tf.Shape,
  dtype: tf.DataType | undefined,
  initializer: Initializer | undefined,
  ...rest: unknown[]
) => tf.LayerVariable;

const prototype = tf.layers.Layer.prototype as unknown as { addWeight: AddWeight };
const { addWeight } = prototype;

/** An initializer that leaves nothing behind but what it draws. TensorFlow.js' for the open forget gate of an LSTM leaves its parts. */
const tidied = (initializer: Initializer): Initializer =>
  Object.assign(Object.create(initializer) as Initializer, {
    apply: (shape: tf.Shape, dtype?: tf.DataType) =>
      tf.tidy(() => initializer.apply(shape as number[], dtype)),
  });

prototype.addWeight = function (name, shape, dtype, initializer, ...rest) {
  return addWeight.call(this, name, shape, dtype, initializer && tidied(initializer), ...rest);
};
