import { tf } from "../../tensorflow/tf.ts";

type Initializer = ReturnType<typeof tf.initializers.zeros> & { seed?: number };

/** One of each class of TensorFlow.js's that draws from a normal distribution; the others inherit from them. */
const makers: (() => Initializer)[] = [
  () => tf.initializers.randomNormal({}),
  () => tf.initializers.truncatedNormal({}),
  () => tf.initializers.varianceScaling({}),
  () => tf.initializers.orthogonal({}),
];

/** Lets 0 be a seed as any other. TensorFlow.js takes it for none when it draws from a normal distribution. */
function acceptSeedOfZero(): void {
  for (const make of makers) {
    const prototype = Object.getPrototypeOf(make()) as Initializer;
    // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with its initializer below
    const { apply } = prototype;
    prototype.apply = function (this: Initializer, shape, dtype) {
      const seeded =
        this.seed === 0 ? (Object.create(this, { seed: { value: Number.MIN_VALUE } }) as Initializer) : this;
      return apply.call(seeded, shape, dtype);
    };
  }
}

acceptSeedOfZero();
