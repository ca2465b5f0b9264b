import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeModel } from "../../../src/keras/files/toKerasConfig.ts";
import { loadModel } from "../../../src/keras/modelFiles.ts";
import { tf } from "../../../src/tensorflow/tf.ts";

const layers: [className: string, config: object][] = [
  ["RandomColorJitter", { value_range: [0, 1], brightness_factor: 0.2, hue_factor: [0.1, 0.2], seed: 3 }],
  ["RandomErasing", { factor: 0.5, scale: [0.02, 0.33], fill_value: null }],
  ["RandomShear", { x_factor: [0, 0.2], y_factor: 0.1, fill_mode: "reflect", data_format: "channels_last" }],
  ["MixUp", { alpha: 0.2 }],
];

describe("layers that change pictures in Keras only", () => {
  let directory: string;
  before(() => (directory = mkdtempSync(join(tmpdir(), "augmentation-"))));
  after(() => rmSync(directory, { recursive: true }));

  for (const [className, settings] of layers) {
    it(`${className} hands pictures on, keeps its settings, and says that it cannot be trained with`, async () => {
      const before = tf.memory().numTensors;
      const config = { name: "change", batch_input_shape: [null, 4, 4, 3], ...settings };
      const described = {
        class_name: "Sequential",
        config: { name: "s", layers: [{ class_name: className, config }] },
      };
      const path = join(directory, `${className}.json`);
      writeFileSync(path, JSON.stringify({ ...described, keras_version: "3.15.0" }));
      const model = await loadModel(path);
      const pictures = tf.randomUniform([2, 4, 4, 3]);
      const same = model.predict(pictures) as tf.Tensor;
      assert.deepEqual(same.dataSync(), pictures.dataSync());
      const [written] = describeModel(model).config.layers;
      for (const [key, value] of Object.entries(settings)) assert.deepEqual(written!.config[key], value, key);
      assert.throws(
        () => model.apply(pictures, { training: true }),
        new RegExp(`fit: expected layers .*found ${className} "change"; build the model without it`),
      );
      tf.dispose([pictures, same]);
      model.dispose();
      assert.equal(tf.memory().numTensors, before);
    });
  }
});
