import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadModel, loadWeights, saveModel } from "../../../src/keras/modelFiles.ts";
import { tf } from "../../../src/tensorflow/tf.ts";
import { needPython } from "../../support/needs.ts";
import type { LayerCase, LayerCases } from "./cases/layerCase.ts";
import { ourCases } from "./cases/ourLayers.ts";
import { layerCases } from "./cases/tfjsLayers.ts";
import { withoutCase } from "./cases/withoutCase.ts";

const script = join(import.meta.dirname, "../../fixtures/keras/roundTrip.py");

/** Every layer class: what is registered beside initializers, optimizers and functions. */
function registeredLayers(): string[] {
  const map = tf.serialization.SerializationMap.getMap().classNameMap;
  const models = ["Model", "Functional", "Sequential"];
  return Object.keys(map).filter(
    (name) => map[name]![0].prototype instanceof tf.layers.Layer && !models.includes(name),
  );
}

function modelOf({ make, inputs }: LayerCase): tf.LayersModel {
  const symbols = inputs.map((shape) => tf.input({ shape }));
  const outputs = make().apply(symbols.length === 1 ? symbols[0]! : symbols) as tf.SymbolicTensor;
  const model = tf.model({ inputs: symbols, outputs });
  // Positive, so that they also do for variances; different everywhere.
  const weights = tf.tidy(() =>
    model.getWeights().map(({ shape, dtype }, index) => {
      const values = tf.randomUniform(shape, 0.1, 0.8, "float32", index + 1);
      return tf.keep(values.cast(dtype));
    }),
  );
  model.setWeights(weights);
  tf.dispose(weights);
  return model;
}

function inputsOf({ inputs, integers = false }: LayerCase): { shape: number[]; values: number[] }[] {
  return inputs.map((shape, index) => {
    const batch = [2, ...shape];
    const values = tf.tidy(() => {
      const random = tf.randomUniform(batch, integers ? 0 : -1, integers ? 4 : 1, "float32", index + 7);
      return Array.from((integers ? random.floor() : random).dataSync());
    });
    return { shape: batch, values };
  });
}

function predict(model: tf.LayersModel, inputs: { shape: number[]; values: number[] }[]): number[] {
  return tf.tidy(() => {
    const tensors = inputs.map(({ shape, values }) => tf.tensor(values, shape));
    const outputs = model.predict(tensors.length === 1 ? tensors[0]! : tensors);
    return Array.from((outputs as tf.Tensor).dataSync());
  });
}

function assertClose(found: readonly number[], wanted: readonly number[], tolerance = 1e-5): void {
  assert.equal(found.length, wanted.length);
  found.forEach((value, index) => {
    const target = wanted[index]!;
    const limit = tolerance * Math.max(1, Math.abs(target));
    assert(Math.abs(value - target) <= limit, `value ${index}: ${value} is not ${target}`);
  });
}

type Answer = Record<string, { predictions: number[][] } | { error: string }>;

describe("every layer that TensorFlow.js has, and ours", function () {
  const titled = (kind: string, of: LayerCases) =>
    Object.entries(of).flatMap(([name, cases]) =>
      cases.map((entry, index) => ({ ...entry, title: `${kind}${name} ${index + 1}` })),
    );
  const all = [...titled("", layerCases), ...titled("our ", ourCases)];
  const formsOf = ({ notAsH5 = false }: LayerCase) => (notAsH5 ? [".keras"] : [".keras", ".h5"]);
  let directory: string;
  let answer: Answer;

  it("has a case here, or a reason why not", () => {
    assert.deepEqual(
      registeredLayers().filter(
        (name) => ![layerCases, ourCases, withoutCase].some((table) => name in table),
      ),
      [],
    );
  });

  describe("goes to Keras and back:", () => {
    before(async function () {
      const python = needPython.call(this);
      this.timeout(500_000);
      directory = mkdtempSync(join(tmpdir(), "layers-"));
      const files: object[] = [];
      for (const entry of all) {
        const model = modelOf(entry);
        for (const form of formsOf(entry)) {
          const path = join(directory, `${entry.title}${form}`);
          await saveModel(model, path);
          const out = [...formsOf(entry), ".weights.h5"].map((ending) => path + ending);
          files.push({ path, inputs: inputsOf(entry), out });
        }
        model.dispose();
      }
      answer = JSON.parse(
        execFileSync(python, [script], {
          input: JSON.stringify({ files }),
          encoding: "utf8",
          stdio: ["pipe", "pipe", "ignore"],
          maxBuffer: 1e8,
        }),
      ) as Answer;
    });
    after(() => {
      if (directory) rmSync(directory, { recursive: true });
    });

    for (const entry of all) {
      it(entry.title, async () => {
        const before = tf.memory().numTensors;
        const original = modelOf(entry);
        const inputs = inputsOf(entry);
        const ours = predict(original, inputs);
        for (const form of formsOf(entry)) {
          const path = join(directory, `${entry.title}${form}`);
          const theirs = answer[path]!;
          assert("predictions" in theirs, `${form}: ${(theirs as { error: string }).error}`);
          assertClose(ours, theirs.predictions.flat(), entry.tolerance);
          for (const back of [path, ...formsOf(entry).map((ending) => path + ending)]) {
            const model = await loadModel(back);
            assertClose(predict(model, inputs), ours, 1e-6);
            const zeros = model.getWeights().map((weight) => tf.zerosLike(weight));
            model.setWeights(zeros);
            tf.dispose(zeros);
            await loadWeights(model, `${path}.weights.h5`);
            assertClose(predict(model, inputs), ours, 1e-6);
            model.dispose();
          }
        }
        original.dispose();
        assert.equal(tf.memory().numTensors, before);
      });
    }
  });
});
