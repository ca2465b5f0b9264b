// The nets of the courses, ours; nets.py has their twins in Keras. Initial values, optimizers and their epsilon are Keras'.
import { inceptionV3, mobileNet, vgg16 } from "./deepNets.mjs";

const adam = (tf) => tf.train.adam(0.001, 0.9, 0.999, 1e-7);
const rmsprop = (tf) => tf.train.rmsprop(0.001, 0.9, 0, 1e-7);
const sgd = (tf) => tf.train.sgd(0.5);
const momentum = (tf) => tf.train.momentum(0.0001, 0.9);

/** Layers with Keras' initial values. */
function layersOf(tf) {
  const { layers } = tf;
  const kernelInitializer = "glorotUniform";
  return {
    conv: (filters, kernelSize, args) =>
      layers.conv2d({ filters, kernelSize, kernelInitializer, activation: "relu", ...args }),
    dense: (units, activation, args) => layers.dense({ units, activation, kernelInitializer, ...args }),
    pool: () => layers.maxPooling2d({ poolSize: 2 }),
    dropout: () => layers.dropout({ rate: 0.5 }),
    flatten: (args) => layers.flatten(args),
  };
}

const same = { padding: "same" };

/**
 * @typedef {object} Net
 * @property {string} name the name that `--nets` takes and that nets.py knows
 * @property {string} title what the table calls it
 * @property {number} parameters how many weights it has, frozen ones included
 * @property {"fit" | "predict"} work what is measured first: training, or extracting features
 * @property {boolean} small whether it counts in the geometric mean of the small nets
 * @property {number[]} batches the batch sizes that are measured
 * @property {number} steps the steps of an epoch
 * @property {number} epochs the epochs of a measurement: at least 200 steps in all for the small nets
 * @property {(tf: object) => object} build makes the model
 * @property {(tf: object) => object} [optimizer] none where the net only predicts
 * @property {string} [loss] the same
 */

/** @type {Net[]} */
export const nets = [
  {
    ...{ name: "exo7", title: "conv32 + conv16", parameters: 130_394, work: "fit", small: true },
    ...{ batches: [32, 128], steps: 200, epochs: 1, optimizer: adam, loss: "categoricalCrossentropy" },
    build(tf) {
      const { conv, dense, flatten } = layersOf(tf);
      const first = conv(32, 3, { ...same, inputShape: [28, 28, 1] });
      return tf.sequential({ layers: [first, conv(16, 3, same), flatten(), dense(10, "softmax")] });
    },
  },
  {
    ...{ name: "lenet", title: "LeNet 6/16", parameters: 61_706, work: "fit", small: true },
    ...{ batches: [32, 128], steps: 200, epochs: 1, optimizer: adam, loss: "categoricalCrossentropy" },
    build(tf) {
      const { conv, dense, pool, flatten } = layersOf(tf);
      const convolutions = [conv(6, 5, { ...same, inputShape: [28, 28, 1] }), pool(), conv(16, 5), pool()];
      const head = [flatten(), dense(120, "relu"), dense(84, "relu"), dense(10, "softmax")];
      return tf.sequential({ layers: [...convolutions, ...head] });
    },
  },
  {
    ...{ name: "shapes", title: "shapes, four dropouts", parameters: 174_243, work: "fit", small: true },
    ...{ batches: [16], steps: 200, epochs: 1, optimizer: rmsprop, loss: "categoricalCrossentropy" },
    build(tf) {
      const { conv, dense, pool, dropout, flatten } = layersOf(tf);
      const block = (filters, args) => [
        ...[conv(filters, 3, { ...same, ...args }), conv(filters, 3), pool(), dropout()],
      ];
      const blocks = [...block(32, { inputShape: [28, 28, 3] }), ...block(64), ...block(64)];
      const head = [flatten(), dense(512, "relu"), dropout(), dense(3, "softmax")];
      return tf.sequential({ layers: [...blocks, ...head] });
    },
  },
  {
    ...{ name: "cifar10", title: "CIFAR-10", parameters: 153_546, work: "fit", small: true },
    ...{ batches: [32], steps: 200, epochs: 1, optimizer: adam, loss: "categoricalCrossentropy" },
    build(tf) {
      const { conv, dense, pool, flatten } = layersOf(tf);
      const first = conv(64, 3, { ...same, inputShape: [32, 32, 3] });
      const rest = [conv(64, 3, same), pool(), conv(64, 3, same), pool(), conv(64, 3, same)];
      return tf.sequential({ layers: [first, ...rest, flatten(), dense(10, "softmax")] });
    },
  },
  {
    ...{ name: "catsDogs", title: "cats and dogs 64×64", parameters: 206_785, work: "fit", small: true },
    ...{ batches: [32], steps: 50, epochs: 4, optimizer: adam, loss: "binaryCrossentropy" },
    build(tf) {
      const { conv, dense, pool, dropout, flatten } = layersOf(tf);
      const block = (args) => [conv(64, 3, { ...same, ...args }), pool(), dropout()];
      const blocks = [...block({ inputShape: [64, 64, 3] }), ...block(), ...block()];
      return tf.sequential({ layers: [...blocks, flatten(), dense(32, "relu"), dense(1, "sigmoid")] });
    },
  },
  {
    ...{ name: "logistic", title: "logistic regression", parameters: 7_850, work: "fit", small: true },
    ...{ batches: [300], steps: 200, epochs: 5, optimizer: sgd, loss: "categoricalCrossentropy" },
    build(tf) {
      const { dense } = layersOf(tf);
      return tf.sequential({ layers: [dense(10, "softmax", { inputShape: [784] })] });
    },
  },
  {
    ...{ name: "mlp", title: "MLP 100", parameters: 79_510, work: "fit", small: true },
    ...{ batches: [300], steps: 200, epochs: 5, optimizer: sgd, loss: "categoricalCrossentropy" },
    build(tf) {
      const { dense } = layersOf(tf);
      return tf.sequential({
        layers: [dense(100, "sigmoid", { inputShape: [784] }), dense(10, "softmax")],
      });
    },
  },
  {
    ...{ name: "lenet5", title: "LeNet-5, sigmoids", parameters: 123_222, work: "fit", small: true },
    ...{ batches: [300], steps: 200, epochs: 1, optimizer: sgd, loss: "categoricalCrossentropy" },
    build(tf) {
      const { conv, dense, pool, flatten } = layersOf(tf);
      const block = (filters, args) => [
        ...[conv(filters, 5, { ...same, activation: "sigmoid", ...args }), pool()],
      ];
      const blocks = [...block(16, { inputShape: [28, 28, 1] }), ...block(32), ...block(64)];
      return tf.sequential({
        layers: [...blocks, flatten(), dense(100, "sigmoid"), dense(10, "softmax")],
      });
    },
  },
  {
    ...{ name: "vgg16", title: "VGG-16", parameters: 138_357_544, work: "fit", small: false },
    ...{ batches: [8], steps: 2, epochs: 1, build: vgg16 },
    ...{ optimizer: momentum, loss: "categoricalCrossentropy" },
  },
  {
    ...{ name: "inceptionV3", title: "InceptionV3, features", parameters: 21_802_784, work: "predict" },
    ...{ small: false, batches: [64], steps: 4, epochs: 1, build: inceptionV3 },
  },
  {
    ...{ name: "mobileNet", title: "MobileNet", parameters: 4_253_864, work: "fit", small: false },
    ...{ batches: [32], steps: 4, epochs: 1, build: mobileNet },
    ...{ optimizer: momentum, loss: "categoricalCrossentropy" },
  },
];
