import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { applications } from "../../../src/keras/applications.ts";
import type { MobileNetOptions } from "../../../src/keras/applications/mobileNet.ts";
import { tf } from "../../../src/tensorflow/tf.ts";

interface Case {
  application: "vgg16" | "inceptionV3" | "mobileNet";
  options: Record<string, unknown>;
  name: string;
  parameters: number;
  layers: [name: string, className: string, shape: (number | null)[], parameters: number][];
}

/** The options by our names. */
const camelCase = (options: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(options).map(([key, value]) => [
      key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  ) as MobileNetOptions;

describe("the networks of applications", () => {
  // Listed by Keras: test/fixtures/keras/makeApplications.py.
  const path = join(import.meta.dirname, "../../fixtures/keras/applications.json");
  const cases = JSON.parse(readFileSync(path, "utf8")) as Case[];

  for (const { application, options, name, parameters, layers } of cases) {
    it(`have Keras' layers, shapes and parameters: ${application} ${JSON.stringify(options)}`, async () => {
      const before = tf.memory().numTensors;
      const model = await applications[application]({ ...camelCase(options), weights: null });
      assert.equal(model.name, name);
      assert.equal(model.countParams(), parameters);
      assert.deepEqual(
        model.layers.map((layer) => [
          layer.name,
          layer.getClassName(),
          layer.outputShape,
          layer.countParams(),
        ]),
        layers,
      );
      model.dispose();
      assert.equal(tf.memory().numTensors, before);
    });
  }

  it("stand on an input that the user made", async () => {
    const input = tf.input({ shape: [64, 48, 3], name: "photo" });
    const model = await applications.mobileNet({ weights: null, includeTop: false, inputTensor: input });
    assert.equal(model.inputs[0], input);
    assert.deepEqual(model.outputs[0]!.shape, [null, 2, 1, 1024]);
    model.dispose();
  });

  it("draw their first weights as Keras does: uniformly, by Glorot's rule", async () => {
    const model = await applications.vgg16({ weights: null, includeTop: false });
    const [kernel] = model.getLayer("block3_conv1").getWeights();
    const limit = Math.sqrt(6 / (9 * (128 + 256)));
    const [least, most] = tf.tidy(() => [kernel!.min().arraySync(), kernel!.max().arraySync()] as number[]);
    assert(most! <= limit && most! > 0.99 * limit);
    assert(least! >= -limit && least! < -0.99 * limit);
    model.dispose();
  });

  const refuses = (answer: Promise<unknown>, message: RegExp) =>
    assert.rejects(answer, { name: "InputError", message });

  it("refuse options that do not go together", async () => {
    const { vgg16, inceptionV3, mobileNet } = applications;
    await refuses(
      vgg16({ include_top: false } as never),
      /vgg16: expected known options, found include_top; did you mean includeTop\?$/,
    );
    await refuses(
      inceptionV3({ alpha: 1 } as never),
      /inceptionV3: expected known options, found alpha; there are/,
    );
    await refuses(vgg16({ classes: 10 }), /vgg16: expected classes 1000 .* found 10; use includeTop: false/);
    await refuses(vgg16({ weights: null, inputShape: [31, 64, 3] }), /at least 32x32, found \[31,64,3\]/);
    await refuses(vgg16({ inputShape: [64, 64, 3] }), /inputShape \[224,224,3\] .* found \[64,64,3\]/);
    await refuses(vgg16({ includeTop: false, inputShape: [64, 64, 1] }), /three channels/);
    await refuses(vgg16({ weights: null, inputShape: [null, null, 3] }), /a fixed inputShape/);
    await refuses(vgg16({ weights: null, inputShape: [64, 64] as never }), /\[height, width, channels\]/);
    await refuses(inceptionV3({ weights: null, pooling: "sum" as never }), /pooling .* found "sum"/);
    await refuses(inceptionV3({ weights: null, inputShape: [74, 74, 3] }), /at least 75x75/);
    await refuses(inceptionV3({ classifierActivation: "sigmoid" }), /classifierActivation "softmax" or null/);
    await refuses(mobileNet({ alpha: 0.3 }), /alpha 0\.25, 0\.5, 0\.75 or 1 .* found 0\.3/);
    await refuses(mobileNet({ depthMultiplier: 2 }), /depthMultiplier 1 .* found 2/);
    await refuses(mobileNet({ weights: null, alpha: 0 }), /alpha above 0, found 0/);
  });

  it("leave nothing behind when the weights do not fit", async () => {
    const before = tf.memory().numTensors;
    await refuses(applications.mobileNet({ weights: "nowhere.h5" }), /no such file: nowhere\.h5/);
    assert.equal(tf.memory().numTensors, before);
  });
});
