import assert from "node:assert/strict";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../../../src/errors.ts";
import { writeHdf5 } from "../../../src/keras/files/hdf5.ts";
import { loadModel, loadWeights, saveModel, saveWeights } from "../../../src/keras/modelFiles.ts";
import { tf } from "../../../src/tensorflow/tf.ts";
import { emptyDirectory, models, predict } from "./models.ts";

describe("model files refuse in one line, and change nothing:", () => {
  const directory = emptyDirectory();

  const refuses = (work: Promise<unknown>, message: RegExp) =>
    assert.rejects(work, (error) => {
      assert(error instanceof InputError, String(error));
      assert.match(error.message, message);
      assert(!error.message.includes("\n"));
      return true;
    });
  const other = () =>
    tf.sequential({
      layers: [
        tf.layers.conv2d({ filters: 4, kernelSize: 3, inputShape: [8, 8, 3], name: "first" }),
        tf.layers.batchNormalization(),
        tf.layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2 }),
        tf.layers.separableConv2d({ filters: 4, kernelSize: 3, depthMultiplier: 2 }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 4, name: "last" }),
      ],
    });

  for (const file of ["sequential.h5", "sequential.weights.h5"]) {
    it(`weights of another shape in ${file}`, async () => {
      const model = other();
      const before = await predict(model);
      await refuses(
        loadWeights(model, join(models, file)),
        /^loadWeights: expected layer "last" kernel of shape \[16, 4\], found \[16, 3\] \(saved as "dense"\); build the model/,
      );
      assert.deepEqual(await predict(model), before);
    });
    it(`another number of layers in ${file}`, async () => {
      const model = tf.sequential({
        layers: [tf.layers.dense({ units: 1, inputShape: [2], name: "only" })],
      });
      await refuses(
        loadWeights(model, join(models, file)),
        /expected 1 layers with weights \(only\), found 5/,
      );
    });
  }

  it("no file", () => refuses(loadModel("nowhere.h5"), /^loadModel: .*found no such file: nowhere\.h5/));
  it("a file that is not HDF5", async () => {
    const path = join(directory(), "text.h5");
    writeFileSync(path, "not HDF5 ".repeat(20));
    await refuses(loadModel(path), /text\.h5, which is not HDF5/);
  });
  it("a file cut short", async () => {
    const path = join(directory(), "short.h5");
    const whole = readFileSync(join(models, "sequential.h5"));
    writeFileSync(path, whole.subarray(0, 20000));
    await refuses(
      loadModel(path),
      new RegExp(`cut short: 20000 of ${whole.length} bytes; copy or download it again`),
    );
  });
  it("a damaged file", async () => {
    const path = join(directory(), "damaged.h5");
    const whole = readFileSync(join(models, "sequential.h5"));
    whole.fill(0xff, 600, 12000);
    writeFileSync(path, whole);
    await refuses(loadModel(path), /^loadModel: .*damaged/);
    // The library still works afterwards.
    (await loadModel(join(models, "sequential.h5"))).dispose();
  });
  it("only weights where a model is wanted", async () => {
    const path = join(directory(), "weights.h5");
    await saveWeights(other(), path);
    await refuses(loadModel(path), /holds only weights; build the model and use loadWeights/);
    await refuses(loadModel(join(models, "sequential.weights.h5")), /use loadWeights\(model, path\)/);
  });
  it("a form that is not supported", async () => {
    await refuses(loadModel("model.onnx"), /ends in .*\.h5.* found model\.onnx/);
    await refuses(saveModel(other(), "model.zip"), /found model\.zip/);
  });
  it("a place that cannot be written", async () => {
    writeFileSync(join(directory(), "file"), "");
    await refuses(saveModel(other(), join(directory(), "file/model.h5")), /^write: expected a place for/);
  });
  it("a full disk, and leaves no part of the file", async () => {
    const path = join(directory(), "model.h5");
    const fail = () => {
      throw new Error("HDF5-DIAG: …\n errno = 51, error message = 'No space left on device', …");
    };
    await refuses(
      writeHdf5(path, fail),
      /^write: expected a place for .*model\.h5, found No space left on device; free space/,
    );
    assert.deepEqual(readdirSync(directory()), []);
    await saveModel(other(), path);
    assert.deepEqual(readdirSync(directory()), ["model.h5"]);
  });
  it("a layer that TensorFlow.js has not", async () => {
    const path = join(directory(), "unknown.h5");
    await writeHdf5(path, (file) => {
      const layers = [{ class_name: "Mystery", config: { name: "m", batch_input_shape: [null, 2] } }];
      file.create_attribute(
        "model_config",
        JSON.stringify({ class_name: "Sequential", config: { name: "s", layers } }),
      );
      file.create_group("model_weights").create_attribute("layer_names", ["m"], [1], "S1");
      (file.get("model_weights") as typeof file).create_group("m");
    });
    await refuses(
      loadModel(path),
      /found layer Mystery "m" in .*unknown\.h5; give its class as customObjects: \{ Mystery \}/,
    );
  });
});
