import assert from "node:assert/strict";
import { tf } from "../../src/tensorflow/tf.ts";
import { calibration } from "../../src/views/calibration.ts";
import { says, verdicts } from "../inspect/verdicts.ts";

describe("calibration", () => {
  it("finds scikit-learn's error in scores, and says it", async () => {
    const view = calibration(verdicts.truth, tf.tensor2d(verdicts.scores));
    assert.ok(Math.abs(view.data.ece - verdicts.calibration.ece) < 1e-6);
    assert.match(
      view.text,
      /^Calibration: 120 pictures: 68% right, 58% sure on average\nexpected calibration error/,
    );
    assert.match(await view.svg!(), /confidence: probability of the predicted class/);
  });

  it("makes probabilities of logits, and says so", () => {
    const model = tf.sequential({
      layers: [tf.layers.activation({ inputShape: [2], activation: "linear" })],
    });
    const view = calibration(model, {
      x: tf.tensor2d([
        [3, -3],
        [-3, 3],
      ]),
      y: [0, 0],
    });
    assert.ok(Math.abs(view.data.confidence - 1 / (1 + Math.exp(-6))) < 1e-6);
    assert.match(view.text, /too sure of itself; softmax applied to the model's numbers/);
  });

  it("says in one line what it cannot take", () => {
    says(
      () => calibration([0, 1], [0, 1] as never),
      /expected scores \[n, classes\], found predicted classes/,
    );
    says(() => calibration([0], tf.tensor2d([[1, 0]]), { bins: 0 }), /bins: a whole number, 1 or more/);
  });
});
