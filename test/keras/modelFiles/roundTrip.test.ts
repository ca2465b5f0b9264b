import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { toKerasConfig } from "../../../src/keras/files/toKerasConfig.ts";
import { loadModel, loadWeights, saveModel, saveWeights } from "../../../src/keras/modelFiles.ts";
import { tf } from "../../../src/tensorflow/tf.ts";
import { needPython } from "../../support/needs.ts";
import {
  assertClose,
  emptyDirectory,
  expected,
  fixtures,
  ourModels,
  predict,
  shape,
  zeroWeights,
} from "./models.ts";

describe("model files", () => {
  const directory = emptyDirectory();

  for (const ending of [".keras", ".h5", ".hdf5", ".weights.h5"]) {
    for (const name of ["sequential", "functional", "nested"]) {
      it(`reads what it has written: ${name}${ending}`, async () => {
        const original = ourModels()[name]!;
        const path = join(directory(), `deep/er/${name}${ending}`);
        const before = tf.memory().numTensors;
        let copy = original;
        if (ending === ".weights.h5") {
          await saveWeights(original, path);
          copy = ourModels()[name]!;
          zeroWeights(copy);
          await loadWeights(copy, path);
        } else {
          await saveModel(original, path);
          copy = await loadModel(path);
          assert.equal(tf.memory().numTensors, before + original.weights.length);
        }
        assert.deepEqual(await predict(copy), await predict(original));
        assert.deepEqual(readdirSync(join(directory(), "deep/er")), [`${name}${ending}`]);
      });
    }
  }

  it("writes files that Keras loads and predicts the same with", async function () {
    const python = needPython.call(this);
    const made = ourModels();
    const files: string[] = [];
    const weights: Record<string, string[]> = {};
    for (const [name, model] of Object.entries(made)) {
      for (const variant of ["plain", "after-weights", "after-legacy-weights"]) {
        const path = join(directory(), `${name}-${variant}.h5`);
        await saveModel(model, path);
        files.push(path);
        if (variant !== "plain") {
          const ending = variant === "after-weights" ? ".weights.h5" : "-only.h5";
          weights[path] = [join(directory(), `${name}${ending}`)];
          await saveWeights(model, weights[path][0]!);
        }
      }
    }
    const request = JSON.stringify({ files, weights, input: expected.input, shape });
    const answer = JSON.parse(
      execFileSync(python, [join(fixtures, "predict.py")], {
        input: request,
        encoding: "utf8",
        stdio: ["pipe", "pipe", "ignore"],
      }),
    ) as Record<string, { predictions: number[][]; layers: string[]; optimizer: unknown }>;
    for (const path of files) {
      const name = /(\w+)-/.exec(path.slice(directory().length))![1]!;
      assertClose(await predict(made[name]!), answer[path]!.predictions);
    }
    const { layers, optimizer } = answer[files[0]!]!;
    assert.deepEqual(layers, [
      ...[
        "conv2d",
        "batch_normalization",
        "mine",
        "depthwise_conv2d",
        "separable_conv2d",
        "re_lu",
        "max_pooling2d",
      ],
      ...["dropout", "flatten", "dense", "dense_1"],
    ]);
    const { class: optimizerClass, learning_rate: rate, rho } = optimizer as Record<string, number>;
    assert.deepEqual([optimizerClass, Math.fround(rate!), rho], ["RMSprop", Math.fround(0.003), 0.8]);
  });

  it("writes the initializer that was used", () => {
    const { sequential } = ourModels();
    const config = toKerasConfig(sequential!).config.layers as { config: { kernel_initializer: unknown } }[];
    assert.deepEqual(config[1]!.config.kernel_initializer, {
      class_name: "VarianceScaling",
      config: { scale: 1, mode: "fan_avg", distribution: "normal", seed: null },
    });
  });
});
