import assert from "node:assert/strict";
import { graphReader } from "../../src/inspect/graphReader.ts";
import { layerOutputs } from "../../src/inspect/layerOutputs.ts";
import { openModel } from "../../src/inspect/modelGraph.ts";
import { tf } from "../../src/tensorflow/tf.ts";

const { layers } = tf;

/** Reads layers of a model, by name. */
function read(model: tf.LayersModel, names: readonly string[], ...batch: tf.Tensor[]) {
  const graph = openModel(model, "test");
  const outputs = layerOutputs(graph, { layers: names, who: "test" });
  const tensors = graphReader(
    graph,
    outputs.map(({ slot }) => slot),
  )(batch);
  return new Map(outputs.map(({ name }, i) => [name, tensors[i]!]));
}

describe("graphReader", () => {
  afterEach(() => tf.disposeVariables());

  it("computes each layer once, however many are wanted", async () => {
    const inner = tf.sequential({
      name: "inner",
      layers: [layers.conv2d({ inputShape: [6, 6, 1], filters: 2, kernelSize: 3, name: "first" })],
    });
    const input = tf.input({ shape: [6, 6, 1] });
    const maps = inner.apply(input) as tf.SymbolicTensor;
    const second = layers.conv2d({ filters: 2, kernelSize: 3, name: "second" });
    const model = tf.model({ inputs: input, outputs: second.apply(maps) as tf.SymbolicTensor });
    const { kernels } = await tf.profile(() =>
      tf.tidy(() =>
        read(model, ["first", "inner", "second"], tf.ones([2, 6, 6, 1]))
          .get("second")!
          .clone(),
      ),
    );
    assert.equal(kernels.filter(({ name }) => /^(Fused)?Conv2D$/.test(name)).length, 2);
  });

  it("goes on giving the model's own numbers after its weights have changed", () => {
    const model = tf.sequential({ layers: [layers.dense({ inputShape: [2], units: 1, name: "dense" })] });
    const graph = openModel(model, "test");
    const reader = graphReader(graph, graph.outputs);
    const batch = tf.tensor2d([[1, 2]]);
    for (const weight of [1, 2, 3, 4, 5]) {
      model.setWeights([tf.fill([2, 1], weight), tf.zeros([1])]);
      assert.equal(reader([batch])[0]!.dataSync()[0], 3 * weight);
    }
  });

  it("hands recurrent layers the states that they begin with", () => {
    const [source, target] = [tf.input({ shape: [5, 3] }), tf.input({ shape: [4, 3] })];
    const encoder = layers.lstm({ units: 3, returnState: true, name: "encoder" });
    const [, ...initialState] = encoder.apply(source) as tf.SymbolicTensor[];
    const decoder = layers.lstm({ units: 3, returnSequences: true, name: "decoder" });
    const outputs = decoder.apply(target, { initialState }) as tf.SymbolicTensor;
    const model = tf.model({ inputs: [source, target], outputs });
    const batch = [tf.randomUniform([2, 5, 3]), tf.randomUniform([2, 4, 3])];
    const found = read(model, ["encoder", "decoder"], ...batch);
    assert.deepEqual([...found.keys()], ["encoder[0]", "encoder[1]", "encoder[2]", "decoder"]);
    const expected = model.predict(batch) as tf.Tensor;
    assert.ok(found.get("decoder")!.sub(expected).abs().max().dataSync()[0]! < 1e-6);
  });

  it("knows each use of a layer in a model that is used twice", () => {
    const base = tf.sequential({
      name: "base",
      layers: [layers.dense({ inputShape: [2], units: 2, name: "inner", kernelInitializer: "ones" })],
    });
    const inputs = [tf.input({ shape: [2] }), tf.input({ shape: [2] })];
    const both = inputs.map((input) => base.apply(input) as tf.SymbolicTensor);
    const model = tf.model({ inputs, outputs: layers.add().apply(both) as tf.SymbolicTensor });
    const found = read(model, ["base/inner"], tf.tensor2d([[1, 2]]), tf.tensor2d([[3, 4]]));
    assert.deepEqual(
      [...found].map(([name, tensor]) => [name, ...tensor.dataSync()]),
      [
        ["base/inner", 3, 3],
        ["base/inner (use 2)", 7, 7],
      ],
    );
  });

  it("counts up no numbers of the user's layers, and leaves no tensor", () => {
    const model = tf.sequential({ layers: [layers.dense({ inputShape: [2], units: 1, name: "dense" })] });
    const number = (layer: tf.layers.Layer): number => Number(/\d+$/.exec(layer.name)?.[0]);
    const before = { first: number(layers.flatten()), tensors: tf.memory().numTensors };
    tf.dispose([...read(model, ["dense"], tf.keep(tf.zeros([1, 2]))).values()]);
    assert.equal(number(layers.flatten()), before.first + 1);
    assert.equal(tf.memory().numTensors, before.tensors + 1);
  });
});
