import assert from "node:assert/strict";
import { tf } from "../../src/tensorflow/tf.ts";
import { gradCam } from "../../src/views/gradCam.ts";
import { network, seeded } from "./explained.ts";

const { layers } = tf;

describe("gradCam", () => {
  const image = tf.keep(tf.randomUniform<tf.Rank.R3>([8, 10, 3], 0, 1, "float32", 1));
  after(() => image.dispose());
  afterEach(() => tf.disposeVariables());

  it("takes the last convolution with what belongs to it, also of a nested model", async () => {
    assert.equal((await gradCam(network(), image)).data.layer, "sum");
    const base = network().getLayer("base") as tf.LayersModel;
    const input = tf.input({ shape: [8, 10, 3] });
    const flat = layers.flatten().apply(base.apply(input)) as tf.SymbolicTensor;
    const nested = tf.model({
      inputs: input,
      outputs: layers.dense({ units: 2 }).apply(flat) as tf.SymbolicTensor,
    });
    const { data } = await gradCam(nested, image);
    assert.equal(data.layer, "base/relu");
    assert.deepEqual([data.raw.height, data.raw.width], [8, 10]);
    const first = tf.sequential({ layers: [base, layers.flatten(), layers.dense({ units: 2 })] });
    const named = await Promise.all(["relu", "base", 0].map((layer) => gradCam(first, image, { layer })));
    assert.ok(
      named.every((view) => view.data.map.values.every((value, i) => value === named[0]!.data.map.values[i])),
    );
  });

  it("looks at the use of a shared layer that sees the picture", async () => {
    const inputs = ["left", "right"].map((name) => tf.input({ shape: [8, 10, 3], name }));
    const shared = layers.conv2d({ filters: 2, kernelSize: 3, name: "shared", kernelInitializer: seeded(6) });
    const flat = inputs.map((input) => layers.flatten().apply(shared.apply(input)) as tf.SymbolicTensor);
    const both = layers.concatenate({ name: "both" }).apply(flat);
    const outputs = layers.dense({ units: 2, kernelInitializer: seeded(7) }).apply(both) as tf.SymbolicTensor;
    const pair = tf.model({ inputs, outputs });
    const pictures = [image, image.reverse(1)];
    for (const [use, input] of ["left", "right"].entries()) {
      const { data } = await gradCam(pair, pictures, { input, layer: "shared" });
      assert.equal(data.use, use);
      assert.deepEqual(data.map, (await gradCam(pair, pictures, { input })).data.map);
    }
    await assert.rejects(
      gradCam(pair, pictures, { input: "right", layer: "shared", use: 0 }),
      /expected a layer between "right" and "dense.*", found "shared", use 0$/,
    );
  });

  it("says that there is no positive evidence", async () => {
    const model = network();
    const { data, text } = await gradCam(model, image, { score: (output) => output.sum().mul(0) });
    assert.equal(data.max, 0);
    assert.match(text, /no positive evidence/);
    const { text: score } = await gradCam(model, image, { method: "scorecam", maxChannels: 2 });
    assert.match(score, /2 of 4 channels make masks/);
  });
});
