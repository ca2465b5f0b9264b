import { tf } from "../../src/tensorflow/tf.ts";

const { layers } = tf;

/** Weights that are the same each time. */
export const seeded = (seed: number): ReturnType<typeof tf.initializers.glorotUniform> =>
  tf.initializers.glorotUniform({ seed });

/** A network with all that can be in the way: dropout, batch normalization, a short cut, a nested model, a softmax of its own. */
export function network(): tf.LayersModel {
  const input = tf.input({ shape: [8, 10, 3], name: "image" });
  const conv = { kernelSize: 3, padding: "same", filters: 4 } as const;
  const base = tf.sequential({
    name: "base",
    layers: [
      layers.conv2d({ ...conv, inputShape: [8, 10, 3], name: "conv1", kernelInitializer: seeded(1) }),
      layers.batchNormalization({ name: "norm" }),
      layers.reLU({ name: "relu" }),
    ],
  });
  const maps = base.apply(input) as tf.SymbolicTensor;
  const second = layers.conv2d({ ...conv, name: "conv2", kernelInitializer: seeded(2), activation: "tanh" });
  let x = second.apply(layers.dropout({ rate: 0.5, name: "drop" }).apply(maps)) as tf.SymbolicTensor;
  x = layers.add({ name: "sum" }).apply([x, maps]) as tf.SymbolicTensor;
  x = layers.flatten({ name: "flat" }).apply(x) as tf.SymbolicTensor;
  x = layers.dense({ units: 3, name: "logits", kernelInitializer: seeded(3) }).apply(x) as tf.SymbolicTensor;
  return tf.model({
    name: "net",
    inputs: input,
    outputs: layers.softmax({ name: "soft" }).apply(x) as tf.SymbolicTensor,
  });
}

/** What the network says before its softmax. */
export const logitsOf = (model: tf.LayersModel, picture: tf.Tensor): number[] =>
  tf.tidy(() => {
    const cut = tf.model({
      inputs: model.inputs,
      outputs: model.getLayer("logits").output,
    });
    return Array.from((cut.predict(picture) as tf.Tensor).dataSync());
  });
