import assert from "node:assert/strict";
import sharp from "sharp";
import { InputError } from "../../src/errors.ts";
import { tf } from "../../src/tensorflow/tf.ts";
import { gradCam } from "../../src/views/gradCam.ts";
import { integratedGradients } from "../../src/views/integratedGradients.ts";
import { occlusion } from "../../src/views/occlusion.ts";
import { saliency } from "../../src/views/saliency.ts";
import { smoothGrad } from "../../src/views/smoothGrad.ts";

const { layers } = tf;
const seeded = (seed: number) => tf.initializers.glorotUniform({ seed });

/** A network with all that can be in the way: dropout, batch normalization, a short cut, a nested model, a softmax of its own. */
function network(): tf.LayersModel {
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

const logitsOf = (model: tf.LayersModel, picture: tf.Tensor): number[] =>
  tf.tidy(() => {
    const cut = tf.model({
      inputs: model.inputs,
      outputs: model.getLayer("logits").output,
    });
    return Array.from((cut.predict(picture) as tf.Tensor).dataSync());
  });

describe("pictures of reasons", () => {
  const image = tf.keep(tf.randomUniform<tf.Rank.R3>([8, 10, 3], 0, 1, "float32", 1));
  after(() => image.dispose());
  afterEach(() => tf.disposeVariables());

  it("ask about the predicted class, from its logit", async () => {
    const model = network();
    const { data } = await saliency(model, image);
    const logits = logitsOf(model, image.expandDims(0));
    assert.equal(data.classIndex, logits.indexOf(Math.max(...logits)));
    assert.ok(Math.abs(data.score - Math.max(...logits)) < 1e-5);
    const exponents = logits.map(Math.exp);
    assert.ok(
      Math.abs(data.probability! - Math.max(...exponents) / exponents.reduce((a, b) => a + b)) < 1e-5,
    );
  });

  it("gradients are those of differences, in every pixel's direction", async () => {
    const model = network();
    const { data } = await saliency(model, image, { classIndex: 1 });
    for (const at of [0, 77, 239]) {
      const step = Float32Array.from({ length: 240 }, (_, i) => (i === at ? 0.01 : 0));
      const [up, down] = [1, -1].map(
        (sign) => logitsOf(model, image.add(tf.tensor3d(step, [8, 10, 3]).mul(sign)).expandDims(0))[1]!,
      );
      assert.ok(Math.abs(data.perChannel[at]! - (up! - down!) / 0.02) < 1e-3);
    }
  });

  it("occlusion is what a loop over patches gives", async () => {
    const model = network();
    const { data } = await occlusion(model, image, { classIndex: 2, patch: [3, 4], stride: 2, batchSize: 5 });
    assert.deepEqual([data.rows, data.columns], [[0, 2, 4, 5], [0, 2, 4, 6]]); // prettier-ignore
    const pixels = image.arraySync();
    const mean = image.mean([0, 1]).arraySync() as number[];
    const sums = new Float64Array(80);
    const counts = new Float64Array(80);
    data.rows.forEach((top, row) =>
      data.columns.forEach((left, column) => {
        const inside = (y: number, x: number) => y >= top && y < top + 3 && x >= left && x < left + 4;
        const covered = pixels.map((line, y) => line.map((color, x) => (inside(y, x) ? mean : color)));
        const drop = data.score - logitsOf(model, tf.tensor4d([covered]))[2]!;
        assert.ok(Math.abs(drop - data.drops.values[row * 4 + column]!) < 1e-4);
        for (let i = 0; i < 80; i++) {
          if (!inside(Math.floor(i / 10), i % 10)) continue;
          sums[i]! += drop;
          counts[i]! += 1;
        }
      }),
    );
    sums.forEach((sum, i) => assert.ok(Math.abs(sum / counts[i]! - data.map.values[i]!) < 1e-4));
  });

  it("integrated gradients sum to the difference of the scores, but for the gap that they print", async () => {
    const model = network();
    for (const baseline of ["zeros", "black", "white", "blur", "noise"] as const) {
      const { data, text } = await integratedGradients(model, image, { baseline, steps: 100 });
      const sum = data.map.values.reduce((a, b) => a + b, 0);
      assert.ok(Math.abs(Math.abs(sum - (data.score - data.baselineScore)) - data.gap) < 1e-4);
      assert.ok(data.gap < 0.05, `${baseline}: gap ${data.gap}`);
      assert.match(text, /100 steps from .*completeness gap/);
    }
  });

  it("SmoothGrad is the same for a seed, whatever the batches, and another for another seed", async () => {
    const model = network();
    const map = async (seed: number, batchSize: number) =>
      Array.from((await smoothGrad(model, image, { seed, samples: 6, batchSize })).data.map.values);
    const [first, again, other] = [await map(1, 6), await map(1, 4), await map(2, 6)];
    assert.ok(first.every((value, i) => Math.abs(value - again[i]!) < 1e-5));
    assert.ok(first.some((value, i) => Math.abs(value - other[i]!) > 1e-3));
  });

  it("Grad-CAM takes the last convolution with what belongs to it, also of a nested model", async () => {
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

  it("says that there is no positive evidence", async () => {
    const model = network();
    const { data, text } = await gradCam(model, image, { score: (output) => output.sum().mul(0) });
    assert.equal(data.max, 0);
    assert.match(text, /no positive evidence/);
    const { text: score } = await gradCam(model, image, { method: "scorecam", maxChannels: 2 });
    assert.match(score, /2 of 4 channels make masks/);
  });

  it("knows the two classes of one sigmoid, and numbers that are no classes", async () => {
    const binary = tf.sequential({
      layers: [
        layers.flatten({ inputShape: [8, 10, 3] }),
        layers.dense({ units: 1, activation: "sigmoid", kernelInitializer: seeded(5) }),
      ],
    });
    const [yes, no] = [await saliency(binary, image, { classIndex: 1 }), await saliency(binary, image, { classIndex: 0 })]; // prettier-ignore
    assert.ok(Math.abs(yes.data.score + no.data.score) < 1e-6);
    assert.ok(Math.abs(yes.data.probability! + no.data.probability! - 1) < 1e-6);
    assert.equal((await saliency(binary, image)).data.classIndex, Number(yes.data.score >= 0));
    const regression = tf.sequential({ layers: [layers.flatten({ inputShape: [8, 10, 3] }), layers.dense({ units: 1 })] }); // prettier-ignore
    const view = await saliency(regression, image);
    assert.equal(view.data.probability, undefined);
    assert.match(view.text, /^Saliency of .*: number 0 of ".*" \(score /);
  });

  it("takes several inputs, grey pictures without a channel, and a batch of one", async () => {
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
    const alone = [];
    for (const classIndex of [0, 1, 2])
      alone.push(await smoothGrad(model, image, { classIndex, samples: 5, batchSize: 1 }));
    const together = await Promise.all([
      ...[0, 1, 2].map((classIndex) => smoothGrad(model, image, { classIndex, samples: 5, batchSize: 1 })),
      gradCam(model, image, { classIndex: 1, method: "scorecam", batchSize: 1 }),
    ]);
    alone.forEach((view, i) => assert.deepEqual(together[i]!.data.map, view.data.map));
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

  it("say when a picture looks like bytes", async () => {
    assert.match((await saliency(network(), image.mul(255))).text, /go up to 25\d: if .* images\.div\(255\)/);
    assert.doesNotMatch((await saliency(network(), image)).text, /div\(255\)/);
  });

  it("take the logits of a softmax at each step of a sequence", async () => {
    const dense = layers.dense({ units: 3, activation: "softmax", kernelInitializer: seeded(4) });
    const model = tf.sequential({
      layers: [layers.timeDistributed({ inputShape: [5, 4], layer: dense })],
    });
    const steps = tf.randomUniform([5, 4], 0, 1, "float32", 3);
    const { data } = await saliency(model, steps, { classIndex: 1, validitySteps: 0 });
    const [kernel] = dense.getWeights();
    const mean = steps.matMul(kernel!).mean(0).dataSync()[1]!;
    assert.ok(Math.abs(data.score - mean) < 1e-5, `${data.score} and ${mean}`);
    const slopes = kernel!.slice([0, 1], [4, 1]).div(5).dataSync();
    data.perChannel.forEach((value, i) => assert.ok(Math.abs(value - slopes[i % 4]!) < 1e-5));
  });

  it("do not mix when they are awaited at once", async () => {
    const model = network();
    const asked = [0, 1, 2].flatMap((classIndex) => [
      () => gradCam(model, image, { classIndex, layer: "conv2" }),
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
});
