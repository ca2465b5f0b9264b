import assert from "node:assert/strict";
import { tf } from "../../src/tensorflow/tf.ts";
import { deadFilters } from "../../src/views/deadFilters.ts";
import { says } from "../inspect/verdicts.ts";

const { layers } = tf;

/** Three filters: the first passes on, the second is always 0, the third is awake in pictures above 5 only. */
function net() {
  const model = tf.sequential({
    name: "net",
    layers: [
      layers.conv2d({ inputShape: [2, 2, 1], filters: 3, kernelSize: 1, activation: "relu", name: "conv" }),
      layers.flatten(),
      layers.dense({ units: 2, activation: "softmax" }),
    ],
  });
  const [kernel, bias, ...rest] = model.getWeights();
  model.setWeights([tf.tensor([1, -1, 1], kernel!.shape), tf.tensor([0, 0, -5], bias!.shape), ...rest]);
  return model;
}

/** The numbers 1, 2, 3 and the last one of each picture. */
const pictures = (lasts: number[]) =>
  tf.tensor(
    lasts.flatMap((last) => [1, 2, 3, last]),
    [lasts.length, 2, 2, 1],
  );

describe("deadFilters", () => {
  it("counts in how many pictures each channel says something", () => {
    const lasts = Array.from({ length: 300 }, (_, i) => (i % 4 === 0 ? 9 : 4));
    const { data, text } = deadFilters(net(), pictures(lasts), { batchSize: 128 });
    assert.deepEqual(
      data.layers.map(({ name }) => name),
      ["conv"],
      "what ends in softmax is not judged",
    );
    assert.deepEqual(data.layers[0]!.active, [1, 0, 0.25]);
    assert.deepEqual(data.layers[0]!.largest, [9, 0, 4]);
    assert.deepEqual([data.dead, data.channels, data.layers[0]!.dead], [1, 3, [1]]);
    assert.equal(
      text,
      [
        "Dead filters of net: 1 of 3 filters say nothing about 300 pictures",
        "layer  shape  dead    active in < 1%  median active  which",
        "conv   2×2×3  1 of 3  0               25%            1",
      ].join("\n"),
    );
  });

  it("warns when it judges on few pictures", () => {
    assert.match(deadFilters(net(), pictures([4])).text, /\njudged on 1 pictures only: give 256 or more\n/);
  });

  it("counts numbers that hardly differ as the same", () => {
    assert.deepEqual(deadFilters(net(), pictures([4]), { threshold: 3 }).data.layers[0]!.dead, [0, 1, 2]);
  });

  it("draws the bars, the dead ones marked", async () => {
    const view = deadFilters(net(), pictures([4, 9]));
    assert.match(await view.svg!(), />1 of 3 dead</);
    const { data } = await view.bundle();
    assert.ok("application/vnd.vegalite.v5+json" in data);
  });

  it("leaves no tensor, also when it fails", () => {
    const [model, images] = [net(), pictures([4, 9])];
    const before = tf.memory().numTensors;
    deadFilters(model, images, { batchSize: 1 });
    says(() => deadFilters(model, images, { layers: ["con"] }), /did you mean "conv"/);
    says(() => deadFilters(model, images, { threshold: -1 }), /threshold: a number of 0 or above/);
    says(() => deadFilters(model, []), /at least one picture/);
    assert.equal(tf.memory().numTensors, before);
  });
});
