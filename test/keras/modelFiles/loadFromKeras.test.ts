import assert from "node:assert/strict";
import { join } from "node:path";
import { writeHdf5 } from "../../../src/keras/files/hdf5.ts";
import { loadModel, loadWeights } from "../../../src/keras/modelFiles.ts";
import { tf } from "../../../src/tensorflow/tf.ts";
import { captureOutput } from "../captureOutput.ts";
import { assertClose, emptyDirectory, expected, models, predict, zeroWeights } from "./models.ts";

describe("model files of Keras'", () => {
  const directory = emptyDirectory();

  for (const name of ["sequential", "functional", "nested"]) {
    it(`loads Keras 3's ${name}.h5, which then predicts what it did in Keras`, async () => {
      const before = tf.memory().numTensors;
      const model = await loadModel(join(models, `${name}.h5`));
      assertClose(await predict(model), expected.predictions[name]!);
      model.dispose();
      assert.equal(tf.memory().numTensors, before);
    });

    for (const file of [`${name}.weights.h5`, `${name}.h5`]) {
      it(`sets weights from Keras 3's ${file}`, async () => {
        const model = await loadModel(join(models, `${name}.h5`));
        zeroWeights(model);
        const before = tf.memory().numTensors;
        await loadWeights(model, join(models, file));
        assert.equal(tf.memory().numTensors, before);
        assertClose(await predict(model), expected.predictions[name]!);
        model.dispose();
      });
    }
  }

  it("keeps the names of Keras' layers, and compiles as the file says", async () => {
    const model = await loadModel(join(models, "sequential.h5"));
    assert.equal(model.name, "small");
    assert.deepEqual(model.layers.map(({ name }) => name).slice(0, 3), [
      "first",
      "batch_normalization",
      "depthwise_conv2d",
    ]);
    assert.deepEqual(model.optimizer.getConfig(), {
      learningRate: Math.fround(0.002),
      decay: 0.8,
      momentum: 0,
      epsilon: 1e-7,
      centered: false,
    });
    assert.equal(model.loss, "categoricalCrossentropy");
    assert.deepEqual(model.metrics, ["accuracy"]);
    model.dispose();
  });

  it("says when a model cannot be compiled here", async () => {
    const path = join(directory(), "uncompiled.h5");
    await writeHdf5(path, (file) => {
      const config = { name: "d", units: 1, batch_input_shape: [null, 2] };
      file.create_attribute(
        "model_config",
        JSON.stringify({
          class_name: "Sequential",
          config: { name: "s", layers: [{ class_name: "Dense", config }] },
        }),
      );
      file.create_attribute(
        "training_config",
        JSON.stringify({ loss: "mystery", optimizer_config: { class_name: "Adam", config: {} } }),
      );
      const group = file.create_group("model_weights");
      group.create_attribute("layer_names", ["d"], [1], "S1");
      const layer = group.create_group("d");
      layer.create_attribute("weight_names", ["k", "b"], [2], "S1");
      layer.create_dataset({ name: "k", data: Float32Array.of(2, 3), shape: [2, 1] });
      layer.create_dataset({ name: "b", data: Float32Array.of(1), shape: [1] });
    });
    const capture = captureOutput();
    const model = await loadModel(path).finally(() =>
      assert.match(capture.end(), /uncompiled\.h5 is not compiled/),
    );
    assert.deepEqual(
      Array.from(tf.tidy(() => (model.predict(tf.tensor2d([[1, 1]])) as tf.Tensor).dataSync())),
      [6],
    );
  });
});
