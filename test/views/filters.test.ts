import assert from "node:assert/strict";
import sharp from "sharp";
import { tf } from "../../src/tensorflow/tf.ts";
import { filters } from "../../src/views/filters.ts";

const { layers } = tf;

/** The layer with weights 0, 1, 2 … in the order in which it keeps them. */
function counted(layer: tf.layers.Layer, inputShape: number[]): tf.LayersModel {
  const input = tf.input({ shape: inputShape });
  const model = tf.model({ inputs: input, outputs: layer.apply(input) as tf.SymbolicTensor });
  const [kernel, ...others] = layer.getWeights();
  layer.setWeights([tf.range(0, kernel!.size).reshape(kernel!.shape), ...others.map((one) => one.clone())]);
  return model;
}

/** The pixel in the middle of a tile's place. */
async function pixels(png: Uint8Array) {
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return (x: number, y: number) => [...data.subarray(3 * (y * info.width + x), 3 * (y * info.width + x) + 3)];
}

describe("filters", () => {
  afterEach(() => tf.disposeVariables());

  it("reads kernels filter by filter, channel by channel", () => {
    const conv = counted(layers.conv2d({ filters: 2, kernelSize: [1, 2], name: "conv" }), [4, 4, 3]);
    // Stored as [row][column][channel][filter].
    assert.deepEqual([...filters(conv, "conv").data.values], [0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11]);
    const wise = counted(
      layers.depthwiseConv2d({ kernelSize: [1, 2], depthMultiplier: 2, name: "wise" }),
      [4, 4, 2],
    );
    const { data } = filters(wise, "wise");
    assert.deepEqual([data.filters, data.channels, ...data.values], [4, 1, 0, 4, 1, 5, 2, 6, 3, 7]);
    const back = counted(layers.conv2dTranspose({ filters: 2, kernelSize: [1, 1], name: "back" }), [4, 4, 3]);
    // Stored as [row][column][filter][channel].
    assert.deepEqual([...filters(back, "back").data.values], [0, 1, 2, 3, 4, 5]);
    const dense = counted(layers.dense({ units: 2, name: "dense" }), [3]);
    assert.deepEqual([...filters(dense, "dense").data.values], [0, 2, 4, 1, 3, 5]);
  });

  it("shows filters of three channels in colours, each from black to white", async () => {
    const model = counted(layers.conv2d({ filters: 1, kernelSize: [1, 2], name: "conv" }), [4, 4, 3]);
    const view = filters(model, "conv");
    assert.equal(view.data.colors, "rgb");
    const at = await pixels(await view.png());
    // Weights 0 1 2 | 3 4 5: tiles begin at (16, 64), are enlarged 16 times and drawn twice as large.
    assert.deepEqual(at(2 * 25, 2 * 73), [0, 51, 102]);
    assert.deepEqual(at(2 * 41, 2 * 73), [153, 204, 255]);
  });

  it("shows others with zero in the middle, the same for all, with numbers at the bar", async () => {
    const model = counted(layers.conv2d({ filters: 2, kernelSize: 1, name: "conv" }), [4, 4, 2]);
    const layer = model.getLayer("conv");
    layer.setWeights([tf.tensor([-4, 2, 0, 1], [1, 1, 2, 2]), tf.zeros([2])]);
    const view = filters(model, "conv");
    assert.deepEqual([view.data.min, view.data.max, view.data.limit, view.data.zeros], [-4, 2, 4, 1]);
    const at = await pixels(await view.png());
    const [left, top, step] = [2 * 60, 2 * 94, 2 * 18];
    const [strongest] = [at(left + 18, top + 18)];
    assert.ok(strongest[2]! > strongest[0]! + 50, `blue: ${String(strongest)}`);
    assert.deepEqual(
      at(left + step + 18, top + 18).map((value) => value > 235),
      [true, true, true],
      "zero is white",
    );
    const weaker = at(left + 18, top + step + 18);
    assert.ok(weaker[0]! > weaker[2]! + 50, `red: ${String(weaker)}`);
    const svg = await view.svg!();
    assert.match(svg, />−4</);
    assert.match(svg, />0</);
  });

  it("pages what is too much, and says so", () => {
    const model = counted(layers.conv2d({ filters: 40, kernelSize: 1, name: "conv" }), [4, 4, 70]);
    const view = filters(model, "conv", { page: 6 });
    assert.equal(view.data.pages, 2 * 3);
    assert.deepEqual([view.data.shownFilters[0], view.data.shownFilters.length], [32, 8]);
    assert.deepEqual([view.data.shownChannels[0], view.data.shownChannels.length], [64, 6]);
    assert.match(view.text, /page 6 of 6: filters 32 to 39, channels 64 to 69/);
    assert.throws(
      () => filters(model, "conv", { page: 7 }),
      /^InputError: filters: expected page: a whole number from 1 to 6, found 7/,
    );
  });

  it("counts what is not finite", () => {
    const model = counted(layers.conv2d({ filters: 1, kernelSize: 1, name: "conv" }), [4, 4, 2]);
    model.getLayer("conv").setWeights([tf.tensor([NaN, 1], [1, 1, 2, 1]), tf.zeros([1])]);
    assert.match(filters(model, "conv").text, /1 of 1×1×2, weights 1 to 1, 1 not finite/);
  });

  it("finds layers of nested models", () => {
    const inner = tf.sequential({
      name: "base",
      layers: [layers.conv2d({ inputShape: [4, 4, 1], filters: 2, kernelSize: 3, name: "deep" })],
    });
    const model = tf.sequential({ layers: [inner, layers.flatten()] });
    for (const name of ["deep", "base/deep"]) assert.equal(filters(model, name).data.filters, 2);
  });

  it("says that kernels of volumes are not shown", () => {
    const model = counted(layers.conv3d({ filters: 2, kernelSize: 3, name: "volume" }), [4, 4, 4, 1]);
    assert.throws(
      () => filters(model, "volume"),
      /expected kernels of one or two dimensions, found "volume" \(Conv3D\) with a kernel \[3, 3, 3, 1, 2\]/,
    );
  });

  it("says in one line what it cannot show, and leaves no tensors", () => {
    const model = tf.sequential({
      layers: [
        layers.conv2d({ inputShape: [4, 4, 1], filters: 2, kernelSize: 3, name: "conv" }),
        layers.flatten({ name: "flat" }),
      ],
    });
    const before = tf.memory().numTensors;
    assert.throws(() => filters(model, "konv"), /found "konv"; did you mean "conv"\? layers: conv, flat/);
    assert.throws(
      () => filters(model, "flat"),
      /expected a layer with a kernel, such as a convolution, found "flat" \(Flatten\)/,
    );
    assert.throws(
      () => filters(model, "conv", { colors: "rgb" }),
      /expected three channels for colors "rgb", found 1 in "conv"/,
    );
    filters(model, 0);
    filters(model, -2);
    assert.equal(tf.memory().numTensors, before);
  });
});
