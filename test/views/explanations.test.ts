import assert from "node:assert/strict";
import sharp from "sharp";
import { InputError } from "../../src/errors.ts";
import { tf } from "../../src/tensorflow/tf.ts";
import { gradCam } from "../../src/views/gradCam.ts";
import { integratedGradients } from "../../src/views/integratedGradients.ts";
import { occlusion } from "../../src/views/occlusion.ts";
import { saliency } from "../../src/views/saliency.ts";
import { smoothGrad } from "../../src/views/smoothGrad.ts";
import { network } from "./explained.ts";

const { layers } = tf;

describe("pictures of reasons", () => {
  const image = tf.keep(tf.randomUniform<tf.Rank.R3>([8, 10, 3], 0, 1, "float32", 1));
  after(() => image.dispose());
  afterEach(() => tf.disposeVariables());

  it("take several inputs, grey pictures without a channel, and a batch of one", async () => {
    const inputs = [tf.input({ shape: [6, 6], name: "grey" }), tf.input({ shape: [2], name: "place" })];
    const maps = layers.conv2d({ filters: 2, kernelSize: 3, name: "conv" })
      .apply(layers.reshape({ targetShape: [6, 6, 1] }).apply(inputs[0]!)); // prettier-ignore
    const flat = layers.flatten().apply(maps) as tf.SymbolicTensor;
    const both = layers.concatenate().apply([flat, inputs[1]!]);
    const model = tf.model({ inputs, outputs: layers.dense({ units: 2 }).apply(both) as tf.SymbolicTensor });
    const pictures = [tf.randomUniform([1, 6, 6]), tf.tensor([0.5, 1])];
    for (const make of [saliency, smoothGrad, integratedGradients, gradCam, occlusion]) {
      const view = await make(model, pictures);
      assert.equal(view.data.map.values.length, 36, make.name);
      await view.png();
    }
  });

  it("keep apart what runs side by side on one model", async () => {
    const model = network();
    const asked = [0, 1, 2].flatMap((classIndex) => [
      () => smoothGrad(model, image, { classIndex, samples: 5, batchSize: 1 }),
      () => gradCam(model, image, { classIndex, layer: "conv2" }),
      () => gradCam(model, image, { classIndex, method: "scorecam", batchSize: 1 }),
      () => integratedGradients(model, image, { classIndex, steps: 5, batchSize: 2 }),
      () => occlusion(model, image, { classIndex, patch: 4, batchSize: 2 }),
    ]);
    const before = tf.memory().numTensors;
    const together = await Promise.all(asked.map((ask) => ask()));
    for (const [i, ask] of asked.entries()) {
      assert.deepEqual(together[i]!.data.map.values, (await ask()).data.map.values);
    }
    assert.equal(tf.memory().numTensors, before);
  });

  it("leave model and tensors as they were, also when they fail or are stopped", async () => {
    const model = network();
    const predict = () =>
      tf.tidy(() => Array.from((model.predict(image.expandDims(0)) as tf.Tensor).dataSync()));
    const answer = predict();
    const before = tf.memory().numTensors;
    for (const make of [saliency, smoothGrad, integratedGradients, gradCam, occlusion])
      await make(model, image);
    await gradCam(model, image, { method: "scorecam" });
    const stop = new AbortController();
    stop.abort(new Error("stopped"));
    await assert.rejects(smoothGrad(model, image, { signal: stop.signal }), /stopped/);
    let asked = 0;
    const failing = () => {
      if (++asked > 4) throw new Error("own score");
      return tf.scalar(1);
    };
    await assert.rejects(occlusion(model, image, { score: failing, batchSize: 2 }), /own score/);
    await assert.rejects(smoothGrad(model, image, { score: () => tf.scalar(3) }), InputError);
    await assert.rejects(gradCam(model, image, { layer: "soft" }), InputError);
    assert.equal(tf.memory().numTensors, before);
    assert.deepEqual(predict(), answer);
    assert.ok(model.layers.every((layer) => !Object.hasOwn(layer, "call")));
  });

  it("are pictures with a text and an alternative text that say the finding", async () => {
    const view = await gradCam(network(), image, { classNames: ["a cat", "a dog", "a very long name of a class ".repeat(9)], classIndex: 2 }); // prettier-ignore
    const { data, metadata } = await view.bundle();
    assert.deepEqual(Object.keys(data).sort(), ["image/png", "text/plain"]);
    assert.match(
      String(metadata.alt),
      /^Grad-CAM of net: “a very long name .*(half of the map lies in|no positive evidence)/,
    );
    assert.match(view.text, /deletion [\d.]+ \(lower is better\), insertion/);
    const { width, height } = await sharp(await view.png()).metadata();
    const shown = metadata["image/png"] as { width: number; height: number };
    assert.deepEqual([width, height], [2 * shown.width, 2 * shown.height]);
  });

  it("stay below the size that is asked for", async () => {
    const model = network();
    const maxBytes = Math.round(0.4 * (await (await saliency(model, image)).png()).length);
    assert.ok((await (await saliency(model, image, { maxBytes })).png()).length <= maxBytes);
  });

  it("mark what is not a number", async () => {
    const view = await saliency(network(), image, {
      score: (output) => output.sub(output).sum().sqrt(),
      validitySteps: 0,
    });
    assert.equal(view.data.nonFinite, 80);
    assert.match(view.text, /80 of 80 numbers are not finite/);
    await assert.doesNotReject(view.png());
  });

  it("say when a picture looks like bytes", async () => {
    assert.match((await saliency(network(), image.mul(255))).text, /go up to 25\d: if .* images\.div\(255\)/);
    assert.doesNotMatch((await saliency(network(), image)).text, /div\(255\)/);
  });

  it("say in one line what they cannot take", async () => {
    const model = network();
    const says = (work: Promise<unknown>, message: RegExp) =>
      assert.rejects(work, (error: Error) => {
        assert.ok(error instanceof InputError, String(error));
        assert.match(error.message, message);
        return !error.message.includes("\n");
      });
    await says(
      gradCam(model, image, { layer: "conv3" }),
      /found "conv3"; did you mean "(base\/conv1|conv2)"\?/,
    );
    await says(gradCam(model, image, { layer: "xyz" }), /layers: image, base, base\/conv1/);
    await says(gradCam(model, image, { layer: 17 }), /by index -8 to 7, found 17; layers: image/);
    await says(
      gradCam(model, image, { layer: "flat" }),
      /maps \[height, width, channels\], found "flat" with output 320/,
    );
    await says(
      gradCam(model, image, { layer: "conv2", use: 1 }),
      /use: 0 to 0, for "conv2" is used once, found 1/,
    );
    await says(saliency(model, image, { classIndex: 3 }), /classIndex: 0 to 2, found 3/);
    await says(saliency(model, image, { output: "other" }), /one of "soft"/);
    await says(
      saliency(model, tf.zeros([5, 5, 3])),
      /shape \[8, 10, 3\], found \[5, 5, 3\]; resize it: .*\[8, 10\]/,
    );
    await says(saliency(model, tf.zeros([4, 8, 10, 3])), /give one picture of the batch/);
    await says(saliency(model, tf.fill([8, 10, 3], NaN)), /finite numbers, found 240 of 240/);
    await says(saliency(model, "cat.jpg" as never), /as a tensor, found string; see loadImage/);
    await says(saliency(model, [image, image]), /expected one picture, found 2/);
    await says(saliency(tf.sequential(), image), /not built/);
    await says(saliency({} as never, image), /a model of layers/);
    await says(saliency(model, image, { method: "other" as never }), /one of gradient, gradientXInput/);
    await says(saliency(model, image, { classNames: ["a", "b"] }), /a name for each of 3 classes, found 2/);
    await says(smoothGrad(model, image, { samples: 0 }), /samples: a whole number, 1 or more, found 0/);
    await says(
      smoothGrad(model, image, { noise: tf.zeros([2, 3]) }),
      /noise: a tensor \[samples, 8, 10, 3\]/,
    );
    await says(integratedGradients(model, image, { baseline: "grey" as never }), /one of zeros, black/);
    await says(occlusion(model, image, { patch: 9 }), /a patch within 8×10/);
    const dense = tf.sequential({
      layers: [layers.flatten({ inputShape: [8, 10, 3] }), layers.dense({ units: 2 })],
    });
    await says(gradCam(dense, image), /a convolution with maps, found none/);
    const vector = tf.sequential({ layers: [layers.dense({ inputShape: [4], units: 2 })] });
    await says(saliency(vector, tf.zeros([4])), /an input that takes pictures/);
    model.getLayer("logits").setWeights([tf.fill([240 + 80, 3], NaN), tf.zeros([3])]);
    await says(saliency(model, image), /a number, found NaN; the weights of "logits" are not finite/);
  });
});
