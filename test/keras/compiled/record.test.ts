import assert from "node:assert/strict";
import { installCompiledModels } from "../../../src/keras/compiled/install.ts";
import { setRandomSeed } from "../../../src/tensorflow/randomSeed.ts";
import { currentRuntime } from "../../../src/tensorflow/runtime.ts";
import { tf } from "../../../src/tensorflow/tf.ts";
import { captureOutput } from "../captureOutput.ts";
import { needTensorflow } from "../../support/needTensorflow.ts";

installCompiledModels();

const x = (): tf.Tensor3D => tf.tidy(() => tf.sin(tf.range(0, 24)).reshape([4, 3, 2]));

const ofKind = {
  simpleRNN: tf.layers.simpleRNN,
  gru: tf.layers.gru,
  lstm: tf.layers.lstm,
} as unknown as Record<string, (options: object) => tf.layers.Layer>;

/** A layer that makes a tensor with its first batch, and keeps it. */
class Remembering extends tf.layers.Layer {
  static readonly className = "Remembering";
  #factor: tf.Tensor | undefined;
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [input] = [inputs].flat();
    this.#factor ??= tf.keep(tf.tidy(() => tf.exp(tf.scalar(0.5))));
    return tf.mul(input!, this.#factor);
  }
  free(): void {
    this.#factor?.dispose();
  }
}

describe("recording a computation", () => {
  before(needTensorflow);

  for (const [name, make] of Object.entries(ofKind)) {
    it(`sees the state that a ${name} keeps from batch to batch, and leaves it uncompiled`, () => {
      setRandomSeed(3);
      const layer = make({ units: 3, stateful: true, batchInputShape: [4, 3, 2] });
      const model = tf.sequential({ layers: [layer] });
      const capture = captureOutput(process.stderr);
      const batches = tf.tidy(() => Array.from({ length: 5 }, () => valuesOf(model.predict(x()))));
      assert.match(capture.end(), /is not compiled, and slower so: a layer keeps what it computes\n$/);
      const wanted = tf.tidy(() => {
        layer.resetStates();
        return Array.from({ length: 5 }, () => valuesOf(layer.apply(x()) as tf.Tensor));
      });
      assert.deepEqual(batches, wanted);
      assert.equal(new Set(wanted.map(String)).size, 5);
      model.dispose();
    });
  }

  it("compiles a model with a layer that keeps what it made with the first batch", () => {
    const remembering = new Remembering({ inputShape: [3, 2] });
    const model = tf.sequential({ layers: [remembering] });
    const before = tf.memory().numTensors;
    const answers = tf.tidy(() => Array.from({ length: 5 }, () => valuesOf(model.predict(x()))));
    assert.deepEqual(new Set(answers.map(String)).size, 1);
    const batch = x();
    const { recording } = currentRuntime()!.record(() => tf.dispose(model.predict(batch)));
    assert.deepEqual(recording.operations, []);
    tf.dispose(batch);
    remembering.free();
    assert.equal(tf.memory().numTensors, before);
    model.dispose();
  });
});

function valuesOf(tensor: tf.Tensor | tf.Tensor[]): number[] {
  return Array.from([tensor].flat()[0]!.dataSync());
}
