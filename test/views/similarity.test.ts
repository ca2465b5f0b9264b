import assert from "node:assert/strict";
import { tf } from "../../src/tensorflow/tf.ts";
import { similarity } from "../../src/views/similarity.ts";
import { says, verdicts } from "../inspect/verdicts.ts";

const { layers } = tf;

/** A model that passes features on, and gives others besides. */
function net(name: string) {
  const model = tf.sequential({
    name,
    layers: [
      layers.activation({ inputShape: [9], activation: "linear", name: "same" }),
      layers.dense({ units: 4, name: "dense" }),
    ],
  });
  return model;
}

describe("similarity", () => {
  const pictures = () => tf.tensor2d(verdicts.features);

  it("is 1 for a layer and itself, and symmetric for one model", () => {
    const { data } = similarity(net("net"), pictures());
    assert.deepEqual(
      [data.rows, data.columns],
      [
        ["same", "dense"],
        ["same", "dense"],
      ],
    );
    assert.ok(Math.abs(data.matrix[0]![0]! - 1) < 1e-6 && Math.abs(data.matrix[1]![1]! - 1) < 1e-6);
    assert.equal(data.matrix[0]![1], data.matrix[1]![0]);
  });

  it("equals NumPy for the layers of two models", () => {
    // The fixture's second set of features is found behind the first: 9 numbers, then 5.
    const both = verdicts.features.map((row, i) => [...row, ...verdicts.other[i]!]);
    const part = (name: string, from: number, size: number) => {
      const dense = layers.dense({ inputShape: [14], units: size, useBias: false, name });
      const model = tf.sequential({ layers: [dense] });
      dense.setWeights([tf.eye(14).slice([0, from], [14, size])]);
      return model;
    };
    const { data } = similarity(part("first", 0, 9), part("second", 9, 5), tf.tensor2d(both));
    assert.deepEqual([data.rows, data.columns, data.count], [["first"], ["second"], 40]);
    assert.ok(Math.abs(data.matrix[0]![0]! - verdicts.cka.other) < 1e-5);
  });

  it("says what is most alike, and on how many pictures", () => {
    const view = similarity(net("net"), pictures(), { sample: 20, seed: 3 });
    assert.match(
      view.text,
      /^Similarity of layers: net: linear CKA on 20 of 40 pictures, drawn at random with seed 3; most alike same and dense/,
    );
  });

  it("is drawn with numbers in the cells", async () => {
    assert.match(await similarity(net("net"), pictures()).svg!(), />1\.00</);
  });

  it("takes a model with several inputs", () => {
    const inputs = [tf.input({ shape: [9] }), tf.input({ shape: [9] })];
    const sum = layers.add({ name: "sum" }).apply(inputs) as tf.SymbolicTensor;
    const model = tf.model({ inputs, outputs: sum });
    assert.ok(Math.abs(similarity(model, [pictures(), pictures()]).data.matrix[0]![0]! - 1) < 1e-6);
  });

  it("leaves no tensor, also when it fails", () => {
    const [model, batch] = [net("net"), pictures()];
    const before = tf.memory().numTensors;
    similarity(model, model, batch, { sample: 10 });
    says(() => similarity(model, batch, { layers: ["dens"] }), /did you mean "dense"/);
    says(
      () =>
        similarity(
          model,
          tf.tidy(() => tf.keep(batch.slice([0], [2]))),
        ),
      /at least 3 pictures, found 2/,
    );
    assert.equal(tf.memory().numTensors, before + 1);
  });
});
