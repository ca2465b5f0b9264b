import { tf } from "../../tensorflow/tf.ts";
import { snakeCase } from "../files/layerClass.ts";
import { initializers } from "../initializers.ts";
import { activationFunctions } from "./activationFunctions.ts";

/** Lets a string stand for what `make` makes, wherever TensorFlow.js looks a name up. */
function register(name: string, make: () => tf.serialization.Serializable): void {
  tf.serialization.registerClass(
    class extends tf.serialization.Serializable {
      static readonly className = name;
      static override fromConfig<T extends tf.serialization.Serializable>(): T {
        return make() as T;
      }
      getConfig(): tf.serialization.ConfigDict {
        return {};
      }
    },
  );
}

/** An activation of TensorFlow.js, or of ours, by the name that it is registered under. */
function activation(name: string): tf.serialization.Serializable {
  const [Activation] = tf.serialization.SerializationMap.getMap().classNameMap[name]!;
  return new (Activation as unknown as new () => tf.serialization.Serializable)();
}

// In Keras' spelling they have Keras' spread; in camelCase they stay what TensorFlow.js makes of them.
for (const [name, make] of Object.entries(initializers)) {
  const snake = snakeCase(name);
  if (snake !== name) register(snake, () => make());
}

/** Names of Keras 3, and what they are called here. */
const activations: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.keys(activationFunctions).map((name) => [snakeCase(name), name])),
  hard_sigmoid: "hardSigmoid3",
  hard_swish: "hardSilu",
  log_softmax: "logSoftmax",
  silu: "swish",
};
for (const [name, own] of Object.entries(activations)) {
  if (name !== own) register(name, () => activation(own));
}
