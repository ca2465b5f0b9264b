import assert from "node:assert/strict";
import { join } from "node:path";
import {
  applications,
  extractFeatures,
  fit,
  layers,
  loadImage,
  optimizers,
  summary,
  tf,
} from "../../src/index.ts";
import { captureOutput } from "../keras/captureOutput.ts";
import { needRealData } from "../support/needs.ts";
import {
  assertFollows,
  assertLayers,
  assertSteps,
  disposeModel,
  prepareSteps,
  trainableCount,
} from "./keras.ts";

const { vgg16 } = applications;

/** The course's network, layer by layer. Its weights are zeros here: to draw 138 million numbers takes long. */
function newVgg16(): tf.Sequential {
  const model = tf.sequential();
  const kernelInitializer = "zeros";
  const convolution = { kernelSize: 3, padding: "same", activation: "relu", kernelInitializer } as const;
  const pool = { poolSize: 2, strides: 2 };
  model.add(layers.conv2d({ ...convolution, filters: 64, inputShape: [224, 224, 3] }));
  model.add(layers.conv2d({ ...convolution, filters: 64 }));
  model.add(layers.maxPooling2d(pool));
  model.add(layers.conv2d({ ...convolution, filters: 128 }));
  model.add(layers.conv2d({ ...convolution, filters: 128 }));
  model.add(layers.maxPooling2d(pool));
  for (const filters of [256, 512, 512]) {
    model.add(layers.conv2d({ ...convolution, filters }));
    model.add(layers.conv2d({ ...convolution, filters }));
    model.add(layers.conv2d({ ...convolution, filters }));
    model.add(layers.maxPooling2d(pool));
  }
  model.add(layers.flatten());
  model.add(layers.dense({ units: 4096, activation: "relu", kernelInitializer, name: "fc1" }));
  model.add(layers.dense({ units: 4096, activation: "relu", kernelInitializer, name: "fc2" }));
  model.add(layers.dense({ units: 1000, activation: "softmax", kernelInitializer, name: "predictions" }));
  return model;
}

const newBase = () => vgg16({ weights: null, includeTop: false, inputShape: [64, 64, 3] });

/** A classifier of three classes on a base. */
function withHead(base: tf.LayersModel, head: tf.layers.Layer): tf.Sequential {
  const model = tf.sequential();
  model.add(base);
  model.add(head);
  model.add(layers.dense({ units: 3, activation: "softmax" }));
  return model;
}

function compile(model: tf.LayersModel): void {
  model.compile({
    optimizer: optimizers.sgd({ learningRate: 1e-4, momentum: 0.9 }),
    loss: "categoricalCrossentropy",
    metrics: ["accuracy"],
  });
}

describe("course 1: VGG-16 and transfer learning", function () {
  this.timeout(300_000);

  it("has 138,357,544 parameters, layer by layer those of Keras", () => {
    const before = tf.memory().numTensors;
    const model = newVgg16();
    assertLayers(model, "vgg16");
    const { text } = summary(model);
    assert.match(text, /│ fc1 \(Dense\) +│ \(None, 4096\) +│ +102,764,544 │/);
    assert.match(text, /│ fc2 \(Dense\) +│ \(None, 4096\) +│ +16,781,312 │/);
    assert.match(text, /│ predictions \(Dense\) +│ \(None, 1000\) +│ +4,097,000 │/);
    assert.match(text, / Total params: 138,357,544 \(527\.79 MB\)/);
    model.dispose();
    assert.equal(tf.memory().numTensors, before);
  });

  it("says in one line that the course's listing has no Flatten", async () => {
    const model = tf.sequential();
    model.add(layers.conv2d({ filters: 4, kernelSize: 3, inputShape: [8, 8, 3] }));
    model.add(layers.dense({ units: 3, activation: "softmax" }));
    compile(model);
    const data = { x: tf.zeros([2, 8, 8, 3]), y: tf.oneHot([0, 2], 3) };
    await assert.rejects(fit(model, data, { verbose: 0 }), {
      name: "InputError",
      message: /^[^\n]*expected [^\n]*found [^\n]*$/,
    });
    tf.dispose(data);
    disposeModel(model);
  });

  it("says what is in one photo: load, batch axis, preprocess, predict, decode", async function () {
    const realData = needRealData.call(this);
    // The weights of VGG-16 do not ship; those of a small MobileNet do.
    const { mobileNet } = applications;
    const model = await mobileNet({ alpha: 0.25 });
    const image = await loadImage(join(realData, "imagenet/cat.jpg"), { targetSize: [224, 224] });
    const scores = tf.tidy(() => {
      const batch = image.expandDims<tf.Tensor4D>(0);
      return model.predict(mobileNet.preprocessInput(batch)) as tf.Tensor2D;
    });
    const [top] = mobileNet.decodePredictions(scores, { top: 3 });
    assert.equal(top!.length, 3);
    assert.equal(top![0]![1], "Egyptian_cat");
    tf.dispose([image, scores]);
    model.dispose();
  });

  describe("transfer learning", () => {
    it("of all layers takes Keras' first steps", async () => {
      const model = withHead(await newBase(), layers.flatten());
      compile(model);
      assertLayers(model, "vgg16 transfer, all");
      await assertFollows(model, "vgg16 transfer, all", 1e-4);
      disposeModel(model);
    });

    const alone = "vgg16 transfer, head alone";

    it("with the base frozen takes Keras' first steps", async () => {
      const base = await newBase();
      for (const layer of base.layers) layer.trainable = false;
      const model = withHead(base, layers.globalAveragePooling2d({}));
      compile(model);
      assertLayers(model, alone);
      await assertFollows(model, alone, 1e-4);
      disposeModel(model);
    });

    it("takes the same steps on features that the base computes once", async () => {
      const base = await newBase();
      const model = withHead(base, layers.globalAveragePooling2d({}));
      const { data, options } = prepareSteps(model, alone);
      const capture = captureOutput();
      const features = await extractFeatures(base, data).finally(() => capture.end());
      const head = tf.sequential();
      head.add(layers.globalAveragePooling2d({ inputShape: [2, 2, 512] }));
      head.add(layers.dense({ units: 3, activation: "softmax" }));
      head.setWeights(model.layers.at(-1)!.getWeights());
      compile(head);
      const history = await fit(head, features, options);
      assertSteps(history, alone, 1e-4);
      tf.dispose([{ ...data }, { ...features }]);
      disposeModel(head);
      model.dispose();
    });

    it("counts at once what freezing leaves, also after compile", async () => {
      const base = await newBase();
      const model = withHead(base, layers.flatten());
      compile(model);
      assert.equal(trainableCount(model), 14_720_835);
      base.trainable = false;
      assert.equal(trainableCount(model), 6147);
      assert.match(summary(model).text, / Non-trainable params: 14,714,688 \(56\.13 MB\)/);
      base.trainable = true;
      for (const layer of base.layers.slice(0, 5)) layer.trainable = false;
      assert.equal(trainableCount(model), 14_608_259);
      disposeModel(model);
    });

    it("with the first five layers frozen takes Keras' first steps", async () => {
      const base = await newBase();
      for (const layer of base.layers.slice(0, 5)) layer.trainable = false;
      const model = withHead(base, layers.flatten());
      compile(model);
      assertLayers(model, "vgg16 transfer, without the first 5");
      await assertFollows(model, "vgg16 transfer, without the first 5", 1e-4);
      disposeModel(model);
    });
  });
});
