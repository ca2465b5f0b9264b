import assert from "node:assert/strict";
import { InputError } from "../../src/errors.ts";
import { Graph } from "../../src/tensorflow/graph/graph.ts";
import { currentRuntime } from "../../src/tensorflow/runtime.ts";
import { statusError } from "../../src/tensorflow/statusError.ts";
import { tf } from "../../src/tensorflow/tf.ts";
import { needTensorflow, needTensorflowLibrary } from "../support/needTensorflow.ts";

const library = "2.21.0 in /lib.so";
const gpuMemory = new Map([["GPU:0", 8 * 2 ** 30]]);
const onGpu = "/job:localhost/replica:0/task:0/device:GPU:0 by allocator GPU_0_bfc";

function lineOf(code: number, message: string): string {
  const error = statusError({ who: "step", code, message, library, gpuMemory });
  assert.ok(error instanceof InputError, error.message);
  return error.message;
}

describe("statusError", () => {
  it("says what memory was asked of the device and what is there", () => {
    const text = `Graph execution error: OOM when allocating tensor with shape[32,64,224,224] and type float on ${onGpu}
\t [[{{node conv2d/Conv2D}}]]
Hint: If you want to see a list of allocated tensors when OOM happens, add report_tensor_allocations_upon_oom to RunOptions.`;
    assert.equal(
      lineOf(8, text),
      "step: expected memory for float[32,64,224,224] (392.0 MiB) on GPU:0, found 8.0 GiB that TensorFlow may take of it, too little of it free; take smaller batches or pictures, or free tensors with tf.dispose and tf.tidy; what you have is intact",
    );
  });

  it("does so where TensorFlow says no more than that there is none", () => {
    assert.match(
      lineOf(8, "failed to allocate memory"),
      /^step: expected memory for its results on GPU:0, found 8.0 GiB/,
    );
  });

  it("says which operation the library lacks", () => {
    const words = [
      "'Atan3' is neither a type of a primitive operation nor a name of a function registered in binary running on vm.",
      "Op type not registered 'Atan3' in binary running on vm.",
    ];
    for (const message of words) {
      assert.equal(
        lineOf(5, message),
        "step: expected a TensorFlow with the operation Atan3, found 2.21.0 in /lib.so; pip install --upgrade tensorflow",
      );
    }
  });

  it("says which operation the device lacks", () => {
    const words = [
      'Could not find device for node: {{node CudnnRNN}} = CudnnRNN[T=DT_HALF, rnn_mode="lstm"]\nAll kernels registered for op CudnnRNN:\n  <no registered kernels>',
      "No OpKernel was registered to support Op 'CudnnRNN' used by {{node a}} with these attrs: [T=DT_HALF]",
    ];
    for (const message of words) {
      assert.match(
        lineOf(3, message),
        /^step: expected a kernel of CudnnRNN for half on this device, found none/,
      );
    }
  });

  it("leaves TensorFlow its own words for all else", () => {
    const error = statusError({
      who: "MatMul",
      code: 3,
      message: "sizes differ\nreally",
      library,
      gpuMemory,
    });
    assert.equal(error.message, "MatMul: sizes differ\nreally");
    assert.ok(!(error instanceof InputError));
  });
});

describe("a session that has run out of memory", () => {
  before(async function () {
    needTensorflowLibrary.call(this);
    await tf.setBackend("tensorflow");
  });

  it("gets one line with the way out, and lives on with all its tensors", () => {
    tf.tidy(() => {
      const x = tf.ones([1000]);
      const before = tf.memory().numTensors;
      assert.throws(
        () => x.tile([1e9]),
        /^InputError: Tile: expected memory for float\[1000000000000\] \(3\.6 TiB\) on [CG]PU:0, found [\d.]+ GiB[^\n]*; take smaller/,
      );
      assert.equal(tf.memory().numTensors, before);
      assert.equal(x.sum().dataSync()[0], 1000);
    });
  });
});

describe("an operation that the library lacks", () => {
  before(needTensorflow);

  it("is named in one line, at once and in a graph; what comes after works", () => {
    const { context, execute } = currentRuntime()!;
    const line =
      /^InputError: Atan3: expected a TensorFlow with the operation Atan3, found [\d.]+ in [^\n]*; pip install --upgrade tensorflow$/;
    assert.throws(() => execute("Atan3", [], [], 1), line);
    const graph = new Graph(context);
    assert.throws(() => graph.add("Atan3", []), line);
    graph.close();
    assert.equal(
      tf.tidy(() => tf.atan(tf.scalar(0)).dataSync()[0]),
      0,
    );
  });
});
