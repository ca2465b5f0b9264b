import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { callbacks } from "../../../src/keras/callbacks.ts";
import { crc32c } from "../../../src/keras/callbacks/events/crc32c.ts";
import { fit } from "../../../src/keras/fit.ts";
import { tf } from "../../../src/tensorflow/tf.ts";
import { needPython } from "../../support/needs.ts";
import { runToEnd } from "../../support/processes.ts";

type Value = [plugin: string, tag: string, step: number, value: unknown];
type Events = Record<"train" | "validation", { version: string; values: Value[] }>;

describe("crc32c", () => {
  // RFC 3720, appendix B.4.
  for (const [name, content, expected] of [
    ["32 zeros", new Uint8Array(32), 0x8a9136aa],
    ["32 ones", new Uint8Array(32).fill(255), 0x62a8ab43],
    ["rising bytes", Uint8Array.from({ length: 32 }, (_, index) => index), 0x46dd794e],
  ] as const) {
    it(`of ${name}`, () => assert.equal(crc32c(content), expected));
  }
});

describe("callbacks.tensorBoard", () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "board-"))));
  afterEach(() => rmSync(directory, { recursive: true }));

  it("writes what TensorFlow reads: curves, histograms and pictures", async function () {
    const python = needPython.call(this);
    this.timeout(120_000);
    const before = tf.memory().numTensors;
    const model = tf.sequential();
    model.add(tf.layers.conv2d({ filters: 4, kernelSize: 3, inputShape: [4, 4, 1], name: "conv" }));
    model.add(tf.layers.flatten());
    model.add(tf.layers.dense({ units: 2, activation: "softmax", name: "out" }));
    const optimizer = tf.train.sgd(0.25);
    model.compile({ optimizer, loss: "categoricalCrossentropy", metrics: ["accuracy"] });
    const x = tf.randomUniform([8, 4, 4, 1], 0, 1, "float32", 1);
    const y = tf.tidy(() => tf.oneHot(tf.range(0, 8, 1, "int32").mod(2).toInt(), 2).toFloat());
    const board = callbacks.tensorBoard({
      logDir: directory,
      histogramFreq: 2,
      writeImages: true,
      updateFreq: 2,
    });
    const settings = {
      epochs: 3,
      batchSize: 2,
      validationData: { x, y },
      callbacks: board,
      verbose: 0,
    } as const;
    const { history } = await fit(model, { x, y }, settings);

    const { stdout, stderr } = await runToEnd(
      python,
      [join(import.meta.dirname, "readEvents.py"), directory],
      {
        env: { TF_CPP_MIN_LOG_LEVEL: "3" },
      },
    );
    assert(stdout.startsWith("{"), stderr);
    const { train, validation } = JSON.parse(stdout) as Events;
    assert.equal(train.version, "brain.Event:2");
    const curve = (values: Value[], wanted: string) =>
      values
        .filter(([plugin, tag]) => plugin === "scalars" && tag === wanted)
        .map(([, , step, value]) => [step, value]);
    const float32 = (name: string) => history[name]!.map((value, epoch) => [epoch, Math.fround(value)]);
    for (const name of ["loss", "accuracy"]) {
      assert.deepEqual(curve(train.values, `epoch_${name}`), float32(name));
      assert.deepEqual(curve(validation.values, `epoch_${name}`), float32(`val_${name}`));
    }
    assert.deepEqual(
      curve(train.values, "epoch_learning_rate"),
      [0, 1, 2].map((epoch) => [epoch, 0.25]),
    );
    assert.deepEqual(
      curve(train.values, "batch_loss").map(([step]) => step),
      [2, 4, 6, 8, 10, 12],
    );
    assert.deepEqual(
      curve(validation.values, "evaluation_loss_vs_iterations").map(([step]) => step),
      [4, 8, 12],
    );

    const of = (plugin: string) => train.values.filter(([name]) => name === plugin);
    assert.deepEqual(
      of("histograms").map(([, tag, step]) => `${tag} ${step}`),
      [0, 2].flatMap((step) =>
        ["conv/kernel", "conv/bias", "out/kernel", "out/bias"].map((name) => `${name}/histogram ${step}`),
      ),
    );
    const [, , , rows] = of("histograms").at(-4)! as [string, string, number, [number, number, number][]];
    const kernel = await model.layers[0]!.getWeights()[0]!.data();
    assert.equal(rows.length, 30);
    assert.equal(rows[0]![0], Math.min(...kernel));
    assert.equal(rows[29]![1], Math.max(...kernel));
    for (const [left, right, count] of rows.slice(0, -1)) {
      assert.equal(count, kernel.filter((value) => value >= left && value < right).length);
    }
    assert.equal(
      rows.reduce((sum, [, , count]) => sum + count, 0),
      kernel.length,
    );

    const [, , , pictures] = of("images").at(-4)! as [string, string, number, number[][][]];
    assert.deepEqual(pictures[0], [3, 3]);
    assert.equal(pictures.length, 1 + 3);
    const grey = (value: number) => Math.round(Math.min(1, Math.max(0, value)) * 255);
    const second = Array.from({ length: 9 }, (_, index) => grey(kernel[index * 4 + 1]!));
    assert.deepEqual(pictures[2]!.flat(), second);

    tf.dispose([x, y]);
    model.dispose();
    optimizer.dispose();
    assert.equal(tf.memory().numTensors, before);
  });

  it("refuses an updateFreq that is none", () => {
    assert.throws(() => callbacks.tensorBoard({ updateFreq: 0 }), {
      message: 'tensorBoard: expected updateFreq "epoch", "batch" or a number of batches, found 0',
    });
  });
});
