import assert from "node:assert/strict";
import type { GraphOutput } from "../../../src/tensorflow/capi.ts";
import { CompiledFunction } from "../../../src/tensorflow/graph/compiledFunction.ts";
import { Graph } from "../../../src/tensorflow/graph/graph.ts";
import { replay } from "../../../src/tensorflow/graph/replay.ts";
import { currentRuntime } from "../../../src/tensorflow/runtime.ts";
import { tf } from "../../../src/tensorflow/tf.ts";
import { needTensorflow } from "../../support/needTensorflow.ts";

describe("a recording", () => {
  before(needTensorflow);

  /** Records `compute` with one tensor, and gives it as a function of that. */
  function compileFor(
    compute: (x: tf.Tensor) => tf.Tensor,
    example: tf.Tensor,
  ): {
    call: (x: tf.Tensor) => tf.Tensor;
    callAsync: (x: tf.Tensor) => Promise<tf.Tensor>;
    close: () => void;
  } {
    const { context, handles, idOf, toTensor, record } = currentRuntime()!;
    const input = idOf(example);
    const { result, recording } = record(() => {
      const output = compute(example);
      return { output, id: idOf(output) };
    });
    result.output.dispose();
    const graph = new Graph(context);
    const known = new Map<number, GraphOutput>([[input, graph.input(1, example.shape)]]);
    const capture = (): never => assert.fail("nothing else is needed");
    const outputs = replay(graph, recording, [result.id], { known, capture });
    const compiled = new CompiledFunction(context, graph.toFunction(outputs), 1);
    graph.close();
    return {
      call: (x) => toTensor(compiled.run([handles.get(idOf(x))])[0]!),
      callAsync: async (x) => toTensor((await compiled.runAsync([handles.get(idOf(x))]))[0]!),
      close: () => compiled.close(),
    };
  }

  for (const [what, compute] of Object.entries<(x: tf.Tensor) => tf.Tensor>({
    "constants and lists of inputs": (x) => tf.concat([x, tf.mul(x, 2), tf.tensor2d([[7, 8]])], 0),
    "lists of outputs": (x) => tf.sub(...(tf.split(x, 2, 1) as [tf.Tensor, tf.Tensor])),
    "types that kernels give wrongly": (x) => tf.mean(tf.greater(x, 2)),
    "casts to the type that is there": (x) => tf.cast(tf.cast(x, "float32"), "float32").add(1),
  })) {
    it(`computes again what it has seen, with ${what}`, async () => {
      const before = tf.memory().numTensors;
      const [x, y] = [tf.tensor2d([[1, 2]]), tf.tensor2d([[3, 5]])];
      const compiled = compileFor((input) => tf.tidy(() => compute(input)), x);
      for (const input of [x, y, x]) {
        const [now, wanted, late] = [compiled.call(input), compute(input), await compiled.callAsync(input)];
        assert.deepEqual(now.dataSync(), wanted.dataSync());
        assert.deepEqual(late.dataSync(), wanted.dataSync());
        assert.deepEqual(now.shape, wanted.shape);
        tf.dispose([now, wanted, late]);
      }
      compiled.close();
      tf.dispose([x, y]);
      assert(tf.memory().numTensors >= before);
    });
  }

  it("says when the same operations would not do another time", () => {
    const { record } = currentRuntime()!;
    const x = tf.tensor1d([1, 2]);
    const reasonOf = (body: () => unknown): string | undefined =>
      record(() => tf.tidy(() => void body())).recording.unrepeatable;
    assert.equal(
      reasonOf(() => tf.add(x, 1)),
      undefined,
    );
    assert.equal(
      reasonOf(() => tf.add(x, 1).dataSync()),
      "it reads the values of a tensor",
    );
    assert.equal(
      reasonOf(() => tf.randomUniform([2])),
      "it draws random numbers in JavaScript",
    );
    assert.equal(
      reasonOf(() => tf.tensor1d([5]).dataSync()),
      undefined,
    );
    x.dispose();
  });
});
