import assert from "node:assert/strict";
import { fit } from "../../../src/keras/fit.ts";
import { losses } from "../../../src/keras/losses.ts";
import { tf } from "../../../src/tensorflow/tf.ts";
import { captureOutput } from "../captureOutput.ts";

const pictures = () => tf.randomUniform([3, 6, 6, 1]);
const numbers = () => tf.tensor1d([0, 1, 2]);
const oneHot = () => tf.eye(3) as tf.Tensor;

function newModel(loss: tf.ModelCompileArgs["loss"], ...layers: tf.layers.Layer[]): tf.LayersModel {
  const model = tf.sequential({ layers: [tf.layers.inputLayer({ inputShape: [6, 6, 1] }), ...layers] });
  model.compile({ optimizer: "sgd", loss });
  return model;
}
const flat = () => [tf.layers.flatten(), tf.layers.dense({ units: 3, activation: "softmax" })];
const onMaps = () => [tf.layers.conv2d({ filters: 2, kernelSize: 3 }), tf.layers.dense({ units: 3 })];

describe("losses that are functions get the advice that their names get", () => {
  const cases: [
    name: string,
    loss: () => tf.ModelCompileArgs["loss"],
    layers: () => tf.layers.Layer[],
    y: () => tf.Tensor,
    message: RegExp,
  ][] = [
    [
      "a flatten that is missing",
      losses.categoricalCrossentropy,
      onMaps,
      oneHot,
      /add tf\.layers\.flatten\(\)/,
    ],
    ["class numbers", losses.categoricalCrossentropy, flat, numbers, /look like the numbers of classes/],
    ["one-hot targets", losses.sparseCategoricalCrossentropy, flat, oneHot, /look one-hot/],
    [
      "classes that there are not",
      losses.sparseCategoricalCrossentropy,
      flat,
      () => tf.tensor1d([1, 2, 3]),
      /found values from 1 to 3; count classes from 0$/,
    ],
  ];
  for (const [name, loss, layers, y, message] of cases) {
    it(name, async () => {
      const model = newModel(loss(), ...layers());
      const data = { x: pictures(), y: y() };
      await assert.rejects(fit(model, data, { verbose: 0 }), message);
      tf.dispose({ ...data });
      model.dispose();
    });
  }

  it("but a class that is ignored may be any number", async () => {
    const model = newModel(losses.sparseCategoricalCrossentropy({ ignoreClass: 255 }), ...flat());
    const data = { x: pictures(), y: tf.tensor1d([0, 1, 255]) };
    const { history } = await fit(model, data, { verbose: 0 });
    assert(Number.isFinite(history.loss![0]));
    tf.dispose({ ...data });
    model.dispose();
  });
});

describe("pictures of whole numbers", () => {
  it("that were divided in place are noticed", async () => {
    const bytes = new Uint8Array(3 * 36).map((_, index) => (index % 200) + 20).map((value) => value / 255);
    const model = newModel("categoricalCrossentropy", ...flat());
    const data = { x: tf.tensor4d(bytes, [3, 6, 6, 1]), y: oneHot() };
    const output = captureOutput(process.stderr);
    await fit(model, data, { verbose: 0 });
    assert.match(
      output.end(),
      /all values of these pictures are 0, as when whole numbers are divided in place/,
    );
    tf.dispose({ ...data });
    model.dispose();
  });
});
