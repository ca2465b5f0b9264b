import assert from "node:assert/strict";
import { InputError } from "../../../src/errors.ts";
import { adviseOutput } from "../../../src/keras/advice/outputs.ts";
import { tf } from "../../../src/tensorflow/tf.ts";

type Activation = Parameters<typeof tf.layers.dense>[0]["activation"];

function ask(loss: string | undefined, units: number, activation: Activation, fromLogits = false) {
  const layers = [tf.layers.dense({ units, activation: activation!, inputShape: [4], name: "last" })];
  const model = tf.sequential({ layers });
  const advice = adviseOutput({ who: "fit", output: model.outputs[0]!, loss }, fromLogits);
  model.dispose();
  return advice && new InputError(advice).message;
}

describe("adviseOutput", () => {
  it("knows that a softmax of one unit is always 1", () => {
    assert.equal(
      ask("binaryCrossentropy", 1, "softmax"),
      'last: expected several units under a softmax, found 1, which it always makes 1; use activation: "sigmoid", or a unit for each class',
    );
  });

  for (const loss of ["categoricalCrossentropy", "sparseCategoricalCrossentropy"]) {
    it(`knows that ${loss} is for several units`, () => {
      assert.equal(
        ask(loss, 1, "sigmoid"),
        `fit: expected several units for ${loss}, found 1 in last; use loss: "binaryCrossentropy", or a unit for each class`,
      );
    });
  }

  it("knows that crossentropies are of probabilities", () => {
    assert.equal(
      ask("categoricalCrossentropy", 3, "linear"),
      'last: expected probabilities for categoricalCrossentropy, found activation "linear"; use activation: "softmax", or losses.categoricalCrossentropy({ fromLogits: true })',
    );
    assert.match(
      ask("binaryCrossentropy", 1, "relu")!,
      /found activation "relu"; use activation: "sigmoid", or/,
    );
  });

  it("finds nothing wrong with what goes together", () => {
    assert.equal(ask("categoricalCrossentropy", 3, "softmax"), undefined);
    assert.equal(ask("categoricalCrossentropy", 3, "linear", true), undefined);
    assert.equal(ask("binaryCrossentropy", 1, "sigmoid"), undefined);
    assert.equal(ask("binaryCrossentropy", 5, "sigmoid"), undefined);
    assert.equal(ask("meanSquaredError", 1, "linear"), undefined);
    assert.equal(ask(undefined, 1, "linear"), undefined);
  });
});
