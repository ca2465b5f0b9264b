import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadModel, loadWeights, saveModel, saveWeights } from "../../../src/keras/modelFiles.ts";
import { tf } from "../../../src/tensorflow/tf.ts";
import { needPython } from "../../support/needs.ts";
import { python } from "../../support/paths.ts";
import { captureOutput } from "../captureOutput.ts";

const fixtures = join(import.meta.dirname, "../../fixtures/keras");
const values = Array.from({ length: 384 }, (_, index) => Math.sin(index * 1.3));

function run<T>(script: string, request: object): T {
  const input = JSON.stringify(request);
  const answer = execFileSync(python!, [join(fixtures, script)], {
    input,
    stdio: ["pipe", "pipe", "ignore"],
  });
  return JSON.parse(answer.toString()) as T;
}

function predict(model: tf.LayersModel): number[][] {
  return tf.tidy(() => {
    const x = tf.tensor4d(values, [2, 8, 8, 3]);
    const inputs = model.inputs.length > 1 ? [x, x.reverse(0)] : x;
    return [model.predict(inputs)].flat().map((output) => Array.from(output.dataSync()));
  });
}

function assertClose(found: number[][], wanted: number[][], limit: number, what: string): void {
  assert.deepEqual(
    found.map(({ length }) => length),
    wanted.map(({ length }) => length),
  );
  found.forEach((output, at) =>
    output.forEach((value, index) => {
      const target = wanted[at]![index]!;
      assert(
        Math.abs(value - target) <= limit * Math.max(1, Math.abs(target)),
        `${what}: ${value} is not ${target}`,
      );
    }),
  );
}

function setZeros(model: tf.LayersModel): void {
  const zeros = model.getWeights().map((weight) => tf.zerosLike(weight));
  model.setWeights(zeros);
  tf.dispose(zeros);
}

describe("models that are more than a row of layers", function () {
  this.timeout(240_000);
  let directory: string;
  let wanted: Record<string, number[][]>;

  before(function () {
    needPython.call(this);
    directory = mkdtempSync(join(tmpdir(), "graphs-"));
    wanted = run("graphs.py", { directory, input: values });
  });
  after(() => {
    if (directory) rmSync(directory, { recursive: true });
  });

  for (const kind of ["shared", "nested", "augmented"]) {
    for (const dtype of ["float32", "float16", "bfloat16"]) {
      it(`Keras writes ${kind} with ${dtype} weights, we read`, async () => {
        const name = `${kind}_${dtype}`;
        const path = join(directory, name);
        const before = tf.memory().numTensors;
        const model = await loadModel(`${path}.keras`);
        assertClose(predict(model), wanted[name]!, 1e-5, name);
        const others = [
          ".weights.h5",
          ".keras",
          ...(dtype === "float32" ? [".h5", ".npz", ".packed.npz"] : []),
        ];
        for (const ending of others) {
          setZeros(model);
          await loadWeights(model, path + ending);
          assertClose(predict(model), wanted[name]!, 1e-5, name + ending);
        }
        model.dispose();
        // TensorFlow.js does not dispose of a layer that is called more often than once.
        if (kind === "augmented") assert.equal(tf.memory().numTensors, before);
      });
    }

    it(`we write ${kind} in every form, and read it`, async () => {
      const name = `${kind}_float32`;
      const model = await loadModel(join(directory, `${name}.h5`));
      for (const ending of [".keras", ".h5", ".json"]) {
        const path = join(directory, `again_${kind}${ending}`);
        await saveModel(model, path);
        const copy = await loadModel(path);
        assertClose(predict(copy), wanted[name]!, 1e-5, path);
        copy.dispose();
      }
      for (const ending of [".weights.h5", "-only.h5", ".npz"]) {
        const path = join(directory, `again_${kind}${ending}`);
        await saveWeights(model, path);
        const copy = await loadModel(join(directory, `again_${kind}.keras`));
        setZeros(copy);
        await loadWeights(copy, path);
        assertClose(predict(copy), wanted[name]!, 1e-5, path);
        copy.dispose();
      }
      model.dispose();
    });
  }

  it("and Keras reads what we wrote", async () => {
    const x = { shape: [2, 8, 8, 3], values };
    const reversed = { shape: [2, 8, 8, 3], values: [...values.slice(192), ...values.slice(0, 192)] };
    const files: object[] = [];
    for (const kind of ["shared", "nested", "augmented"]) {
      const model = await loadModel(join(directory, `${kind}_float32.keras`));
      for (const ending of [".keras", ".h5"]) {
        const path = join(directory, `ours_${kind}${ending}`);
        await saveModel(model, path);
        files.push({ path, inputs: kind === "shared" ? [x, reversed] : [x], out: [] });
      }
      model.dispose();
    }
    const answer = run<Record<string, { predictions?: number[][]; error?: string }>>("roundTrip.py", {
      files,
    });
    for (const [path, { predictions, error }] of Object.entries(answer)) {
      assert.equal(error, undefined, path);
      const kind = /ours_(\w+)\./.exec(path)![1]!;
      assertClose(predictions!, wanted[`${kind}_float32`]!, 1e-5, path);
    }
  });
});

describe("weights of another model", () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "weights-"))));
  afterEach(() => rmSync(directory, { recursive: true }));

  const net = (classes: number, extra = false) =>
    tf.sequential({
      layers: [
        tf.layers.conv2d({ filters: 2, kernelSize: 3, inputShape: [8, 8, 3], name: "conv" }),
        ...(extra ? [tf.layers.batchNormalization({ name: "norm" })] : []),
        tf.layers.flatten(),
        tf.layers.dense({ units: classes, name: "scores" }),
      ],
    });
  const weightsOf = (model: tf.LayersModel, layer: string) =>
    model
      .getLayer(layer)
      .getWeights()
      .map((weight) => Array.from(weight.dataSync()));

  for (const ending of [".weights.h5", ".h5", ".keras", ".json", ".npz"]) {
    const write = (model: tf.LayersModel, path: string) =>
      [".keras", ".json"].includes(ending) ? saveModel(model, path) : saveWeights(model, path);

    it(`find their layers by name in ${ending}; the others keep theirs`, async () => {
      const path = join(directory, `x${ending}`);
      const [from, to] = [net(3, true), net(3)];
      await write(from, path);
      await assert.rejects(loadWeights(to, path), /^InputError: loadWeights: expected/);
      await loadWeights(to, path, { byName: true });
      for (const layer of ["conv", "scores"]) assert.deepEqual(weightsOf(to, layer), weightsOf(from, layer));
      const larger = net(3, true);
      const norm = weightsOf(larger, "norm");
      await write(to, path);
      await loadWeights(larger, path, { byName: true });
      assert.deepEqual(weightsOf(larger, "scores"), weightsOf(to, "scores"));
      assert.deepEqual(weightsOf(larger, "norm"), norm);
    });

    it(`are skipped in ${ending} where they do not fit, and a line says so`, async () => {
      const path = join(directory, `x${ending}`);
      const [from, to] = [net(3), net(5)];
      await write(from, path);
      const before = weightsOf(to, "scores");
      const untouched = weightsOf(to, "conv");
      await assert.rejects(
        loadWeights(to, path),
        /layer "scores" kernel of shape \[72, 5\], found \[72, 3\]/,
      );
      assert.deepEqual(weightsOf(to, "conv"), untouched);
      for (const byName of [true, false]) {
        const capture = captureOutput();
        await loadWeights(to, path, { skipMismatch: true, byName }).finally(() => {
          const line =
            /^loadWeights: skipped, expected layer "scores" kernel of shape \[72, 5\], found \[72, 3\]\n$/;
          assert.match(capture.end(), line);
        });
        assert.deepEqual(weightsOf(to, "conv"), weightsOf(from, "conv"));
        assert.deepEqual(weightsOf(to, "scores"), before);
      }
    });
  }
});

describe("layers of the user's own", () => {
  class Doubling extends tf.layers.Layer {
    static readonly className = "Doubling";
    override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
      return [inputs].flat()[0]!.mul(2);
    }
    override computeOutputShape(inputShape: tf.Shape): tf.Shape {
      return inputShape;
    }
  }

  it("are read when they are given as customObjects, and known only for that time", async () => {
    const directory = mkdtempSync(join(tmpdir(), "custom-"));
    const model = tf.sequential({ layers: [new Doubling({ inputShape: [2] })] });
    for (const ending of [".keras", ".h5", ".json"]) {
      const path = join(directory, `x${ending}`);
      await saveModel(model, path);
      await assert.rejects(
        loadModel(path),
        /found layer Doubling "doubling.*" in .*; give its class as customObjects/,
      );
      const copy = await loadModel(path, { customObjects: { Doubling } });
      const out = tf.tidy(() => Array.from((copy.predict(tf.ones([1, 2])) as tf.Tensor).dataSync()));
      assert.deepEqual(out, [2, 2]);
      assert.equal("Doubling" in tf.serialization.SerializationMap.getMap().classNameMap, false);
    }
    rmSync(directory, { recursive: true });
  });
});
