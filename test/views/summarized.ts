import { layers as kerasLayers } from "../../src/keras/layers.ts";
import { tf } from "../../src/tensorflow/tf.ts";

const { layers } = tf;

/** The models of test/fixtures/views/makeSummaries.py, layer by layer. */
export const models: Record<string, () => tf.LayersModel> = {
  shapes() {
    const model = tf.sequential({ name: "sequential" });
    [32, 64, 64].forEach((filters, block) => {
      const input = block === 0 ? { inputShape: [28, 28, 3] } : {};
      const first = `conv2d_${2 * block}`;
      model.add(layers.conv2d({ filters, kernelSize: 3, padding: "same", name: first, ...input }));
      model.add(layers.conv2d({ filters, kernelSize: 3, name: `conv2d_${2 * block + 1}` }));
      model.add(layers.maxPooling2d({ poolSize: 2, name: `max_pooling2d_${block}` }));
      model.add(layers.dropout({ rate: 0.5, name: `dropout_${block}` }));
    });
    model.add(layers.flatten({ name: "flatten" }));
    model.add(layers.dense({ units: 512, name: "dense" }));
    model.add(layers.dropout({ rate: 0.5, name: "dropout_3" }));
    model.add(layers.dense({ units: 3, name: "dense_1" }));
    return model;
  },
  frozen: () =>
    tf.sequential({
      name: "frozen",
      layers: [
        layers.inputLayer({ inputShape: [12, 12, 1] }),
        layers.conv2d({ filters: 8, kernelSize: 3, name: "first", trainable: false }),
        layers.batchNormalization({ name: "batch_normalization" }),
        layers.globalAveragePooling2d({ name: "a_layer_with_a_rather_long_name" }),
        layers.dense({ units: 2, name: "last" }),
      ],
    }),
  chain() {
    const image = tf.input({ shape: [8, 8, 3], name: "image" });
    const maps = layers.conv2d({ filters: 4, kernelSize: 3, name: "conv" }).apply(image);
    const flat = layers.flatten({ name: "flatten" }).apply(maps);
    const score = layers.dense({ units: 1, name: "score" }).apply(flat) as tf.SymbolicTensor;
    return tf.model({ inputs: image, outputs: score, name: "chain" });
  },
  residual() {
    const image = tf.input({ shape: [32, 32, 3], name: "image" });
    const convolution = (filters: number, kernelSize: number, name: string, input: tf.SymbolicTensor) =>
      layers.conv2d({ filters, kernelSize, padding: "same", name }).apply(input) as tf.SymbolicTensor;
    const x = convolution(16, 3, "block1_conv1", image);
    const y = convolution(16, 3, "block1_conv2", x);
    const sum = layers.add({ name: "block1_add" }).apply([x, y]) as tf.SymbolicTensor;
    const z = convolution(8, 1, "block2_a_convolution_with_a_long_name", sum);
    const both = layers.concatenate({ name: "block2_concatenate" }).apply([sum, z]);
    const pooled = layers.globalAveragePooling2d({ name: "pool" }).apply(both);
    const outputs = layers.dense({ units: 10, name: "predictions" }).apply(pooled) as tf.SymbolicTensor;
    return tf.model({ inputs: image, outputs, name: "residual" });
  },
  shared() {
    const inputs = ["left", "right"].map((name) => tf.input({ shape: [20], name }));
    const tower = layers.dense({ units: 8, name: "tower" });
    const towers = inputs.map((input) => tower.apply(input) as tf.SymbolicTensor);
    const both = layers.concatenate({ name: "both" }).apply(towers);
    const outputs = [
      layers.dense({ units: 1, name: "first" }).apply(both),
      layers.dense({ units: 5, name: "second" }).apply(both),
    ] as tf.SymbolicTensor[];
    return tf.model({ inputs, outputs, name: "shared" });
  },
  nested() {
    const base = tf.sequential({
      name: "base",
      layers: [
        layers.conv2d({ inputShape: [16, 16, 3], filters: 4, kernelSize: 3, name: "inner_conv" }),
        layers.batchNormalization({ name: "inner_norm" }),
        layers.globalMaxPooling2d({ name: "inner_pool" }),
      ],
    });
    base.trainable = false;
    return tf.sequential({ name: "nested", layers: [base, layers.dense({ units: 3, name: "head" })] });
  },
  large: () =>
    // Zeros, since random numbers for a hundred million weights would take seconds.
    tf.sequential({
      name: "large",
      layers: [
        layers.dense({ inputShape: [25088], units: 4096, name: "fc1", kernelInitializer: "zeros" }),
        layers.dense({ units: 1000, name: "fc2", kernelInitializer: "zeros" }),
      ],
    }),
  lenet: () =>
    tf.sequential({
      name: "lenet",
      layers: [
        layers.conv2d({ inputShape: [32, 32, 1], filters: 6, kernelSize: 5, name: "c1" }),
        layers.averagePooling2d({ poolSize: 2, name: "s2" }),
        layers.conv2d({ filters: 16, kernelSize: 5, name: "c3" }),
        layers.averagePooling2d({ poolSize: 2, name: "s4" }),
        layers.conv2d({ filters: 120, kernelSize: 5, name: "c5" }),
        layers.flatten({ name: "flatten" }),
        layers.dense({ units: 84, name: "f6" }),
        layers.dense({ units: 10, name: "output" }),
      ],
    }),
  steps() {
    const words = tf.input({ shape: [null, 12], name: "words" });
    const lstm = layers.lstm({ units: 8, returnSequences: true, name: "lstm" });
    const both = layers.bidirectional({ layer: lstm, mergeMode: "concat", name: "both_ways" }).apply(words);
    const conv = layers.conv1d({ filters: 6, kernelSize: 3, padding: "causal", name: "conv" }).apply(both);
    const dense = layers.dense({ units: 3, name: "dense" });
    const each = layers.timeDistributed({ layer: dense, name: "each_step" }).apply(conv);
    const outputs = kerasLayers.gru({ units: 4, name: "gru" }).apply(each) as tf.SymbolicTensor;
    return tf.model({ inputs: words, outputs, name: "steps" });
  },
  deep() {
    const inner = tf.sequential({
      name: "inner",
      layers: [
        layers.conv2d({ inputShape: [8, 8, 2], filters: 3, kernelSize: 3, name: "conv" }),
        layers.batchNormalization({ name: "norm" }),
      ],
    });
    const maps = tf.input({ shape: [8, 8, 2], name: "maps" });
    const relu = layers.reLU({ name: "relu" }).apply(inner.apply(maps)) as tf.SymbolicTensor;
    const middle = tf.model({ inputs: maps, outputs: relu, name: "middle" });
    const image = tf.input({ shape: [8, 8, 2], name: "image" });
    const flat = layers.flatten({ name: "flatten" }).apply(middle.apply(image));
    const outputs = ["first", "second"].map(
      (name, i) => layers.dense({ units: 2 + i, name }).apply(flat) as tf.SymbolicTensor,
    );
    return tf.model({ inputs: image, outputs, name: "deep" });
  },
};
