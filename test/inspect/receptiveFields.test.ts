import assert from "node:assert/strict";
import { applications } from "../../src/keras/applications.ts";
import { layers as kerasLayers } from "../../src/keras/layers.ts";
import { Operation } from "../../src/keras/layers/operation.ts";
import { macsOf } from "../../src/inspect/macs.ts";
import { modelGraph } from "../../src/inspect/modelGraph.ts";
import { fieldOfUnit, receptiveFields } from "../../src/inspect/receptiveFields.ts";
import { summarizeModel } from "../../src/inspect/modelSummary.ts";
import { tf } from "../../src/tensorflow/tf.ts";

const { layers } = tf;
type Symbolic = tf.SymbolicTensor;

const positive = { kernelInitializer: "ones" } as const;
const conv = (filters: number, kernelSize: number, more: object = {}) =>
  layers.conv2d({ filters, kernelSize, useBias: false, ...positive, ...more });
const conv1d = (kernelSize: number, more: object = {}) =>
  layers.conv1d({ filters: 2, kernelSize, useBias: false, ...positive, ...more });
const on = (layer: tf.layers.Layer, input: Symbolic | Symbolic[]) => layer.apply(input) as Symbolic;

/** Nets whose weights are all positive, so that nothing that is seen cancels out; the last layer gives maps. */
const nets: Record<string, () => tf.LayersModel> = {
  strides() {
    const image = tf.input({ shape: [23, 19, 2] });
    const x = on(conv(2, 5, { strides: 2, padding: "same" }), image);
    const y = on(layers.averagePooling2d({ poolSize: 3, strides: 2, padding: "same" }), x);
    return tf.model({ inputs: image, outputs: on(conv(1, 3), y) });
  },
  dilated() {
    const image = tf.input({ shape: [20, 20, 1] });
    const x = on(conv(1, 3, { dilationRate: 3, padding: "same" }), image);
    return tf.model({ inputs: image, outputs: on(conv(1, 2), x) });
  },
  borders() {
    const image = tf.input({ shape: [20, 20, 1] });
    const x = on(
      layers.zeroPadding2d({
        padding: [
          [2, 1],
          [0, 3],
        ],
      }),
      image,
    );
    const y = on(conv(1, 3), x);
    return tf.model({
      inputs: image,
      outputs: on(
        layers.cropping2D({
          cropping: [
            [1, 2],
            [0, 1],
          ],
        }),
        y,
      ),
    });
  },
  branches() {
    const image = tf.input({ shape: [16, 16, 1] });
    const x = on(conv(2, 3, { padding: "same" }), image);
    const y = on(conv(2, 5, { padding: "same" }), x);
    const z = on(layers.add(), [x, y]);
    const both = on(layers.concatenate(), [z, on(conv(1, 1), image)]);
    return tf.model({ inputs: image, outputs: on(layers.averagePooling2d({ poolSize: 2 }), both) });
  },
  upwards() {
    const image = tf.input({ shape: [12, 12, 1] });
    const x = on(layers.averagePooling2d({ poolSize: 2 }), image);
    const y = on(kerasLayers.upSampling2d({ size: [2, 2] }), on(conv(1, 3, { padding: "same" }), x));
    const spread = layers.conv2dTranspose({
      filters: 1,
      kernelSize: 3,
      strides: 2,
      padding: "same",
      ...positive,
    });
    return tf.model({ inputs: image, outputs: on(spread, on(layers.add(), [y, image])) });
  },
  depthwise() {
    const image = tf.input({ shape: [14, 14, 2] });
    const x = on(
      layers.depthwiseConv2d({ kernelSize: 3, depthwiseInitializer: "ones", useBias: false }),
      image,
    );
    const separable = { depthwiseInitializer: "ones", pointwiseInitializer: "ones" } as const;
    const y = on(
      layers.separableConv2d({ filters: 2, kernelSize: 3, strides: 2, useBias: false, ...separable }),
      x,
    );
    return tf.model({ inputs: image, outputs: y });
  },
  nested() {
    const inner = tf.sequential({ layers: [conv(1, 3, { inputShape: [null, null, 1] }), conv(1, 3)] });
    const image = tf.input({ shape: [11, 11, 1] });
    return tf.model({ inputs: image, outputs: on(inner, on(inner, image)) });
  },
};

/**
 * From the first to the last place, row and column, that units depend on: each picture of a batch has one bright pixel, and a unit
 * that sees it is not zero. The nets are linear, so this is where the gradient of the unit is not zero.
 */
function measure(model: tf.LayersModel): (row: number, column: number) => [number, number][] {
  const [, height, width, channels] = model.inputs[0]!.shape as [null, number, number, number];
  const seen = tf.tidy(() => {
    const pixels = tf.eye(height * width).reshape([height * width, height, width, 1]);
    return (model.predict(pixels.tile([1, 1, 1, channels])) as tf.Tensor).sum(3).arraySync() as number[][][];
  });
  return (row, column) => {
    const bright = seen.flatMap((map, pixel) => (map[row]![column] !== 0 ? [pixel] : []));
    const [rows, columns] = [
      bright.map((pixel) => Math.floor(pixel / width)),
      bright.map((pixel) => pixel % width),
    ];
    return [
      [Math.min(...rows), Math.max(...rows)],
      [Math.min(...columns), Math.max(...columns)],
    ];
  };
}

describe("fieldOfUnit", () => {
  afterEach(() => tf.disposeVariables());

  for (const name of Object.keys(nets)) {
    it(`is where the gradient of a unit is not zero: ${name}`, () => {
      const model = nets[name]!();
      const graph = modelGraph(model)!;
      const target = graph.makers[graph.outputs[0]!]!;
      const [, height, width] = graph.calls[target]!.outputShapes[0] as number[];
      const seen = measure(model);
      const units = [
        [0, 0],
        [height! >> 1, width! >> 1],
        [height! - 1, (width! >> 1) + 1],
        [(height! >> 1) - 1, width! - 1],
      ];
      for (const [row, column] of units) {
        const box = fieldOfUnit(graph, { call: target, unit: [row!, column!], input: 0 });
        assert.deepEqual(box!.slice(0, 2), seen(row!, column!), `unit ${row}, ${column}`);
      }
    });
  }

  it("is everything behind what mixes all places, and nothing where there is no way", () => {
    const [left, right] = [tf.input({ shape: [8, 8, 1] }), tf.input({ shape: [8, 8, 1] })];
    const flat = on(layers.dense({ units: 2 }), on(layers.flatten(), left));
    const graph = modelGraph(tf.model({ inputs: [left, right], outputs: [flat, on(conv(1, 3), right)] }))!;
    const find = (className: string) =>
      graph.calls.findIndex(({ layer }) => layer.getClassName() === className);
    const inputs = [...graph.calls.keys()].filter((i) => graph.calls[i]!.inputs.length === 0);
    const leftInput = inputs.find((i) => graph.calls[i]!.layer.name === left.name.split("/")[0])!;
    assert.deepEqual(fieldOfUnit(graph, { call: find("Dense"), unit: [0], input: leftInput }), [
      [0, 7],
      [0, 7],
      [0, 0],
    ]);
    assert.equal(fieldOfUnit(graph, { call: find("Conv2D"), unit: [0, 0], input: leftInput }), undefined);
  });
});

describe("receptiveFields", () => {
  afterEach(() => tf.disposeVariables());

  const published = [
    { make: applications.vgg16, layer: "block5_pool", size: 212, stride: 32, macs: 15_470_264_320 },
    { make: applications.inceptionV3, layer: "mixed10", size: 1311, stride: 32, macs: 5_713_216_096 },
    { make: applications.mobileNet, layer: "conv_pw_13_relu", size: 315, stride: 32, macs: 568_740_352 },
  ];
  for (const { make, layer, size, stride, macs } of published) {
    it(`and the multiplications are those that are published: ${layer} sees ${size}`, async () => {
      const data = summarizeModel(await make({ weights: null }));
      const found = data.layers.find(({ name }) => name === layer)!;
      assert.deepEqual(found.sight, { receptiveField: [size, size], stride: [stride, stride], whole: false });
      assert.equal(data.macs, macs);
    });
  }

  /** What units of the last layer see: how many places, and how many of them there are from a unit to the next. */
  function lastSight(...layersInLine: tf.layers.Layer[]): { receptiveField: number[]; stride: number[] } {
    const model = tf.sequential({ layers: layersInLine });
    const { receptiveField, stride } = summarizeModel(model).layers.at(-1)!.sight!;
    return { receptiveField, stride };
  }

  it("of layers for sequences are counted along the steps", () => {
    const first = conv1d(3, { inputShape: [40, 2] });
    const separable = kerasLayers.separableConv1d({ filters: 2, kernelSize: 5, strides: 2 });
    const depthwise = kerasLayers.depthwiseConv1d({ kernelSize: 3 });
    const enlarging = kerasLayers.conv1dTranspose({ filters: 2, kernelSize: 2, strides: 2 });
    assert.deepEqual(lastSight(first, separable), { receptiveField: [7], stride: [2] });
    assert.deepEqual(lastSight(first, depthwise, separable), { receptiveField: [9], stride: [2] });
    assert.deepEqual(lastSight(first, separable, depthwise), { receptiveField: [11], stride: [2] });
    assert.deepEqual(lastSight(first, separable, enlarging), { receptiveField: [7], stride: [1] });
  });

  it("are those of the layers around arithmetic of keras.ops and spectral normalization", () => {
    const square = new Operation({ operation: "square", operands: [null], options: {} });
    const wrapped = kerasLayers.spectralNormalization({ layer: conv(2, 3) });
    const first = conv(2, 3, { inputShape: [20, 20, 1] });
    assert.deepEqual(lastSight(first, square, wrapped), { receptiveField: [5, 5], stride: [1, 1] });
    const mixed = new Operation({ operation: "softmax", operands: [null], options: { axis: 1 } });
    assert.equal(summarizeModel(tf.sequential({ layers: [first, mixed] })).layers.at(-1)!.sight, undefined);
  });

  it("are not known behind a layer that nobody has told us about", () => {
    class Odd extends tf.layers.Layer {
      static className = "Odd";
    }
    const image = tf.input({ shape: [8, 8, 1] });
    const graph = modelGraph(tf.model({ inputs: image, outputs: on(conv(1, 3), on(new Odd({}), image)) }))!;
    assert.ok(Number.isNaN(receptiveFields(graph, 0).at(-1)![0]!.low));
  });
});

describe("macsOf", () => {
  afterEach(() => tf.disposeVariables());

  function macs(layer: tf.layers.Layer, shape: (number | null)[]): number | undefined {
    const input = tf.input({ shape });
    return macsOf(modelGraph(tf.model({ inputs: input, outputs: on(layer, input) }))!.calls.at(-1)!);
  }

  it("counts the numbers of kernels for each place", () => {
    assert.equal(macs(conv(4, 3), [10, 10, 2]), 3 * 3 * 2 * 4 * 8 * 8);
    assert.equal(macs(conv(4, 3, { strides: 2, padding: "same" }), [9, 9, 2]), 3 * 3 * 2 * 4 * 5 * 5);
    assert.equal(macs(layers.depthwiseConv2d({ kernelSize: 3 }), [10, 10, 2]), 3 * 3 * 2 * 8 * 8);
    assert.equal(
      macs(layers.separableConv2d({ filters: 5, kernelSize: 3 }), [10, 10, 2]),
      (3 * 3 * 2 + 2 * 5) * 8 * 8,
    );
    assert.equal(
      macs(layers.conv2dTranspose({ filters: 4, kernelSize: 3, strides: 2 }), [5, 5, 2]),
      3 * 3 * 2 * 4 * 5 * 5,
    );
    assert.equal(macs(layers.conv1d({ filters: 4, kernelSize: 3 }), [10, 2]), 3 * 2 * 4 * 8);
    assert.equal(macs(layers.dense({ units: 7 }), [6, 5]), 6 * 5 * 7);
    assert.equal(macs(layers.lstm({ units: 3 }), [6, 5]), 6 * 4 * (5 * 3 + 3 * 3));
    assert.equal(macs(layers.timeDistributed({ layer: layers.dense({ units: 7 }) }), [6, 5]), 6 * 5 * 7);
    assert.equal(macs(layers.batchNormalization(), [6, 5]), 0);
    const ofSequences = { filters: 4, kernelSize: 3, strides: 2 };
    assert.equal(macs(kerasLayers.depthwiseConv1d({ kernelSize: 3, strides: 2 }), [9, 2]), 3 * 2 * 4);
    assert.equal(macs(kerasLayers.separableConv1d(ofSequences), [9, 2]), (3 * 2 + 2 * 4) * 4);
    assert.equal(macs(kerasLayers.conv1dTranspose(ofSequences), [9, 2]), 3 * 2 * 4 * 9);
    // The biases of Keras' GRU have two rows, and do not count either.
    assert.equal(macs(kerasLayers.gru({ units: 3 }), [6, 5]), 6 * 3 * (5 * 3 + 3 * 3));
    assert.equal(
      macs(kerasLayers.spectralNormalization({ layer: conv(4, 3) }), [10, 10, 2]),
      3 * 3 * 2 * 4 * 8 * 8,
    );
  });

  it("counts products of tensors, and does not know those of attention", () => {
    const of = (layer: tf.layers.Layer, ...shapes: number[][]): number | undefined => {
      const inputs = shapes.map((shape) => tf.input({ shape }));
      return macsOf(modelGraph(tf.model({ inputs, outputs: on(layer, inputs) }))!.calls.at(-1)!);
    };
    assert.equal(of(layers.dot({ axes: -1 }), [4, 5], [6, 5]), 4 * 6 * 5);
    assert.equal(of(layers.dot({ axes: [1, 2] }), [5, 4], [6, 5]), 4 * 6 * 5);
    const matmul = new Operation({ operation: "matmul", operands: [null, null], options: {} });
    assert.equal(of(matmul, [4, 5], [5, 6]), 4 * 6 * 5);
    assert.equal(of(kerasLayers.attention(), [4, 5], [6, 5]), undefined);
  });

  it("does not know what depends on lengths that are not known", () => {
    assert.equal(macs(conv(4, 3), [null, null, 2]), undefined);
    assert.equal(macs(layers.dense({ units: 4 }), [2]), 8);
  });
});
