import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fit } from "../../../src/keras/fit.ts";
import { loadModel, saveModel } from "../../../src/keras/modelFiles.ts";
import { tf } from "../../../src/tensorflow/tf.ts";
import { needPython } from "../../support/needs.ts";
import { python } from "../../support/paths.ts";

const script = join(import.meta.dirname, "../../fixtures/keras/losses.py");
const x = Array.from({ length: 8 }, (_, row) => [row / 4 - 1, Math.sin(row)]);
const weights = [
  [
    [0.5, -0.7, 0.2],
    [0.3, 0.9, -0.8],
  ],
  [0.1, 0.2, -0.1],
];
const classes = x.map((_, row) => [row % 3]);
const oneHot = classes.map(([label]) => [0, 1, 2].map((place) => (place === label ? 1 : 0)));

type Described = string | [className: string, options: object];

/** What Keras is told to compile a model of sums with: a loss, metrics; and targets. */
const cases: Record<string, [loss: Described, metrics: Described[], targets: number[][]]> = {
  "class numbers and logits": [
    ["SparseCategoricalCrossentropy", { from_logits: true }],
    [["SparseCategoricalAccuracy", {}]],
    classes,
  ],
  "logits and smoothed labels": [
    ["CategoricalCrossentropy", { from_logits: true, label_smoothing: 0.1 }],
    ["categorical_accuracy", ["MeanAbsoluteError", {}]],
    oneHot,
  ],
  "answers yes and no from logits": [["BinaryCrossentropy", { from_logits: true }], [], oneHot],
  "a hinge of labels 0 and 1": ["hinge", [], oneHot],
  "a squared hinge of labels 0 and 1": [["SquaredHinge", {}], ["mean_squared_error"], oneHot],
  "a loss that TensorFlow.js has not": [["Huber", { delta: 1 }], [["RootMeanSquaredError", {}]], oneHot],
  "a similarity": ["cosine_similarity", ["mae"], oneHot],
};

describe("the losses and metrics of files", () => {
  let directory: string;
  let keras: Record<string, number[]>;

  function ask(files: Record<string, number[][]>, of: typeof cases): Record<string, number[]> {
    const request = { x, weights, cases: of, files };
    return JSON.parse(
      execFileSync(python!, [script, directory], {
        input: JSON.stringify(request),
        encoding: "utf8",
        stdio: ["pipe", "pipe", "ignore"],
      }),
    ) as Record<string, number[]>;
  }

  /** The loss and the metrics of the first step, which are those of the weights in the file. */
  async function valuesOf(model: tf.LayersModel, targets: number[][]): Promise<number[]> {
    const data = { x: tf.tensor2d(x), y: tf.tensor2d(targets) };
    const { history } = await fit(model, data, { batchSize: 8, verbose: 0 });
    tf.dispose(data);
    return Object.values(history).map(([value]) => value!);
  }

  function assertClose(found: number[], wanted: number[]): void {
    assert.equal(found.length, wanted.length);
    found.forEach((value, i) => assert(Math.abs(value - wanted[i]!) < 1e-5, `${value} is not ${wanted[i]}`));
  }

  before(function () {
    needPython.call(this);
    this.timeout(240_000);
    directory = mkdtempSync(join(tmpdir(), "losses-"));
    keras = ask({}, cases);
  });
  after(() => {
    if (directory) rmSync(directory, { recursive: true });
  });

  for (const [name, [, , targets]] of Object.entries(cases)) {
    for (const ending of [".keras", ".h5"]) {
      it(`are Keras': ${name}, ${ending}`, async () => {
        const before = tf.memory().numTensors;
        const model = await loadModel(join(directory, `${name}${ending}`));
        await saveModel(model, join(directory, `ours ${name}${ending}`));
        const copy = await loadModel(join(directory, `ours ${name}${ending}`));
        // Keras has an order of its own for the metrics.
        assertClose((await valuesOf(model, targets)).sort(), keras[name]!.toSorted());
        assertClose((await valuesOf(copy, targets)).sort(), keras[name]!.toSorted());
        copy.dispose();
        model.dispose();
        assert.equal(tf.memory().numTensors, before);
      });
    }
  }

  it("are the same in Keras after we wrote them", function () {
    this.timeout(240_000);
    const files = Object.entries(cases).flatMap(([name, [, , targets]]) =>
      [".keras", ".h5"].map((ending) => [join(directory, `ours ${name}${ending}`), targets] as const),
    );
    const found = ask(Object.fromEntries(files), {});
    for (const [path] of files) {
      const name = path.slice(path.indexOf("ours ") + 5).replace(/\.\w+$/, "");
      assertClose(found[path]!, keras[name]!);
    }
  });
});
