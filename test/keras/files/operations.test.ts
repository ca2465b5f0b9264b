import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadModel, saveModel } from "../../../src/keras/modelFiles.ts";
import { tf } from "../../../src/tensorflow/tf.ts";
import { needPython } from "../../support/needs.ts";
import { python } from "../../support/paths.ts";

const fixtures = join(import.meta.dirname, "../../fixtures/keras");
const shape = [4, 6, 3];

function predict(model: tf.LayersModel, inputs: number[][]): number[][] {
  return tf.tidy(() => {
    const tensors = inputs.map((values) => tf.tensor(values, [values.length / 72, ...shape]));
    const outputs = [model.predict(tensors.length === 1 ? tensors[0]! : tensors)].flat();
    return outputs.map((output) => Array.from(output.dataSync()));
  });
}

function assertClose(found: number[][], wanted: number[][]): void {
  assert.deepEqual(
    found.map(({ length }) => length),
    wanted.map(({ length }) => length),
  );
  found.flat().forEach((value, index) => {
    const target = wanted.flat()[index]!;
    assert(Math.abs(value - target) <= 1e-5 * Math.max(1, Math.abs(target)), `${value} is not ${target}`);
  });
}

describe("arithmetic between the layers of a file", () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "operations-"))));
  afterEach(() => rmSync(directory, { recursive: true }));

  it("is Keras 3's, and goes back to Keras", async function () {
    needPython.call(this);
    this.timeout(240_000);
    const pictures = Array.from({ length: 144 }, (_, index) => (index * 37) % 256);
    const ask = (...paths: string[]) =>
      JSON.parse(
        execFileSync(python!, [join(fixtures, "operations.py"), ...paths], {
          input: JSON.stringify(pictures),
          encoding: "utf8",
          stdio: ["pipe", "pipe", "ignore"],
        }),
      ) as number[][];
    const [theirs, ours] = ["theirs.keras", "ours.keras"].map((name) => join(directory, name));
    const wanted = ask(theirs!, "-");
    const before = tf.memory().numTensors;
    const model = await loadModel(theirs!);
    assert.deepEqual(
      model.outputs.map((output) => output.shape),
      [
        [null, 2, 6],
        [null, 4, 6, 6],
        [null, 36],
        [null, 6, 3],
      ],
    );
    assertClose(predict(model, [pictures]), wanted);
    await saveModel(model, ours!);
    const copy = await loadModel(ours!);
    assertClose(predict(copy, [pictures]), wanted);
    copy.dispose();
    model.dispose();
    assert.equal(tf.memory().numTensors, before);
    assertClose(ask("", ours!), wanted);
  });

  it("is Keras 2's", async () => {
    const path = join(fixtures, "models/keras2Operations.json");
    const { config, inputs, outputs } = JSON.parse(readFileSync(path, "utf8")) as {
      config: object;
      inputs: number[][];
      outputs: number[][];
    };
    writeFileSync(join(directory, "model.json"), JSON.stringify(config));
    const model = await loadModel(join(directory, "model.json"));
    assertClose(predict(model, inputs), outputs);
    model.dispose();
  });

  it("is named where it is not known", async () => {
    const entry = (name: string, className: string, inbound: unknown[], config: object = {}) => ({
      class_name: className,
      config: { name, ...config },
      name,
      inbound_nodes: inbound,
    });
    const layers = [
      entry("image", "InputLayer", [], { batch_input_shape: [null, 4], dtype: "float32" }),
      entry("tf.math.lgamma", "TFOpLambda", [["image", 0, 0, {}]], { function: "math.lgamma" }),
    ];
    const config = {
      name: "m",
      layers,
      input_layers: [["image", 0, 0]],
      output_layers: [["tf.math.lgamma", 0, 0]],
    };
    const path = join(directory, "model.json");
    writeFileSync(path, JSON.stringify({ class_name: "Functional", config, keras_version: "2.13.1" }));
    await assert.rejects(loadModel(path), /expected [^\n]*found [^\n]*math\.lgamma/);
  });
});
