import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadModel, saveModel } from "../../../src/keras/modelFiles.ts";
import { tf } from "../../../src/tensorflow/tf.ts";
import { needPython } from "../../support/needs.ts";
import { python } from "../../support/paths.ts";

const script = join(import.meta.dirname, "../../fixtures/keras/calls.py");

interface Expected {
  inputs: { shape: number[]; values: number[] }[];
  outputs: number[][];
}

const ask = <Answer>(request: object): Answer =>
  JSON.parse(
    execFileSync(python!, [script], {
      input: JSON.stringify(request),
      encoding: "utf8",
      stdio: ["pipe", "pipe", "ignore"],
    }),
  ) as Answer;

function predict(model: tf.LayersModel, { inputs }: Expected): number[][] {
  return tf.tidy(() => {
    const tensors = inputs.map(({ shape, values }) => tf.tensor(values, shape));
    const outputs = [model.predict(tensors.length === 1 ? tensors[0]! : tensors)].flat();
    return outputs.map((output) => Array.from(output.dataSync()));
  });
}

function assertClose(found: number[][], wanted: number[][], what: string): void {
  assert.deepEqual(
    found.map(({ length }) => length),
    wanted.map(({ length }) => length),
    what,
  );
  found.forEach((values, output) =>
    values.forEach((value, index) => {
      const target = wanted[output]![index]!;
      const isClose = Math.abs(value - target) <= 1e-5 * Math.max(1, Math.abs(target));
      assert(isClose, `${what}, output ${output}: ${value} is not ${target}`);
    }),
  );
}

describe("layers that are called in every way that Keras has", function () {
  this.timeout(240_000);
  let directory: string;
  let expected: Record<string, Expected>;

  before(function () {
    needPython.call(this);
    directory = mkdtempSync(join(tmpdir(), "calls-"));
    expected = ask({ directory });
  });
  after(() => {
    if (directory) rmSync(directory, { recursive: true });
  });

  it("compute what they do in Keras, and when they went there and back", async () => {
    const wanted: Record<string, number[][]> = {};
    for (const [name, model] of Object.entries(expected)) {
      for (const ending of [".keras", ".h5"]) {
        const before = tf.memory().numTensors;
        const path = join(directory, `${name}${ending}`);
        const loaded = await loadModel(path);
        assertClose(predict(loaded, model), model.outputs, path);
        for (const form of [".keras", ".h5", ".json"]) {
          const ours = `${path}.ours${form}`;
          await saveModel(loaded, ours);
          if (form !== ".json") wanted[ours] = model.outputs;
          const again = await loadModel(ours);
          assertClose(predict(again, model), model.outputs, ours);
          again.dispose();
        }
        loaded.dispose();
        assert.equal(tf.memory().numTensors, before, `${path} leaves tensors`);
      }
    }
    const answer = ask<Record<string, { outputs: number[][] } | { error: string }>>({
      ours: Object.keys(wanted),
    });
    for (const [path, outputs] of Object.entries(wanted)) {
      const theirs = answer[path]!;
      assert("outputs" in theirs, `${path}: ${(theirs as { error: string }).error}`);
      assertClose(theirs.outputs, outputs, path);
    }
  });
});
