import assert from "node:assert/strict";
import sharp from "sharp";
import { applications } from "../../src/keras/applications.ts";
import { layeredLayout } from "../../src/render/layeredLayout.ts";
import { tf } from "../../src/tensorflow/tf.ts";
import { diagram } from "../../src/views/diagram.ts";

const { layers } = tf;
const on = (layer: tf.layers.Layer, input: tf.SymbolicTensor | tf.SymbolicTensor[]) =>
  layer.apply(input) as tf.SymbolicTensor;

function residual(): tf.LayersModel {
  const image = tf.input({ shape: [16, 16, 3], name: "image" });
  const stem = on(layers.conv2d({ filters: 4, kernelSize: 3, padding: "same", name: "stem" }), image);
  let x = on(layers.conv2d({ filters: 4, kernelSize: 3, padding: "same", strides: 1, name: "first" }), stem);
  x = on(layers.batchNormalization({ name: "norm" }), x);
  x = on(layers.activation({ activation: "relu", name: "relu" }), x);
  x = on(layers.conv2d({ filters: 4, kernelSize: 3, padding: "same", name: "second" }), x);
  x = on(layers.add({ name: "sum" }), [stem, x]);
  return tf.model({
    inputs: image,
    outputs: on(layers.globalAveragePooling2d({ name: "pool" }), x),
    name: "small",
  });
}

function siamese(): tf.LayersModel {
  const tower = tf.sequential({
    name: "tower",
    layers: [
      layers.dense({ inputShape: [6], units: 4, name: "inside" }),
      layers.dropout({ rate: 0.5, name: "drop" }),
    ],
  });
  const [left, right] = ["left", "right"].map((name) => tf.input({ shape: [6], name })) as [
    tf.SymbolicTensor,
    tf.SymbolicTensor,
  ];
  const both = on(layers.concatenate({ name: "both" }), [on(tower, left), on(tower, right)]);
  const outputs = ["one", "other"].map((name) => on(layers.dense({ units: 2, name }), both));
  return tf.model({ inputs: [left, right], outputs, name: "siamese" });
}

describe("layeredLayout", () => {
  const box = { width: 40, height: 30 };

  it("places a chain in a line, and breaks it where the row is full", () => {
    const edges = [0, 1, 2, 3, 4].map((i) => [i, i + 1] as const);
    const wide = layeredLayout(Array(6).fill(box), edges, { maxWidth: 1000 });
    assert.deepEqual(new Set(wide.places.map(({ y }) => y)).size, 1);
    assert.deepEqual(
      wide.places.map(({ x }) => x),
      [...wide.places.map(({ x }) => x)].sort((a, b) => a - b),
    );
    const narrow = layeredLayout(Array(6).fill(box), edges, { maxWidth: 220 });
    assert.deepEqual(
      narrow.places.map(({ row }) => row),
      [0, 0, 0, 1, 1, 1],
    );
  });

  it("keeps boxes apart, and leads a skipping line around what it skips", () => {
    const edges = [
      [0, 1],
      [1, 2],
      [0, 2],
      [0, 3],
      [3, 2],
    ] as const;
    const { places, routes } = layeredLayout(Array(4).fill(box), edges, { maxWidth: 1000 });
    const [first, second] = [places[1]!, places[3]!];
    assert.equal(first.x, second.x);
    assert.ok(Math.abs(first.y - second.y) >= 30);
    // The line stays at a height of its own while it passes the column of the two others.
    const height = Number(/H[\d.]+/.exec(routes[2]!.replace(/.* ([\d.]+)H.*/, "H$1"))![0].slice(1));
    for (const { y } of [first, second]) assert.ok(Math.abs(height - y) > 15, `${height} beside ${y}`);
  });
});

describe("diagram", () => {
  afterEach(() => tf.disposeVariables());

  it("has a block for each layer that changes the shape, and the lines between them", () => {
    const { data, text } = diagram(residual());
    assert.deepEqual(
      data.blocks.map(({ name, inputs, does }) => [name, inputs, does]),
      [
        ["image", [], ["input"]],
        ["stem", [0], ["3×3 conv"]],
        ["first", [1], ["3×3 conv", "batch norm", "relu"]],
        ["second", [2], ["3×3 conv"]],
        ["sum", [1, 3], ["add"]],
        ["pool", [4], ["global average pool"]],
      ],
    );
    assert.match(text, /^small: 8 layers, from 16×16×3 to 4, branches joined once\n/);
    assert.match(text, /sum +16×16×4 +add +from stem, second$/m);
    assert.equal(diagram(residual(), { compact: false }).data.blocks.length, 8);
  });

  it("is an SVG with a name, a page and the dimensions, in either style", async () => {
    const flat = await diagram(residual()).svg!();
    assert.match(flat, /<svg [^>]*role="img"[^>]*>\n<title>small: 8 layers/);
    assert.match(flat, /<rect width="100%" height="100%" fill="white"\/>/);
    assert.match(flat, />4@16×16</);
    assert.match(await diagram(residual(), { style: "isometric" }).svg!(), />16×16×4</);
    assert.ok(!/NaN|undefined|Infinity/.test(flat));
  });

  it("is a PNG as large as the SVG says", async () => {
    const view = diagram(residual());
    const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(await view.svg!())!.map(Number);
    const png = await sharp(await view.png()).metadata();
    assert.deepEqual([png.width, png.height], [2 * width!, 2 * height!]);
    assert.ok((await sharp(await view.png()).stats()).isOpaque);
  });

  it("draws nested models as one block or opened, and layers that are used twice twice", async () => {
    const closed = diagram(siamese()).data.blocks.map(({ name }) => name);
    assert.deepEqual(closed, ["left", "right", "tower", "tower", "both", "one", "other"]);
    const open = diagram(siamese(), { expandNested: true });
    assert.deepEqual(
      open.data.blocks.map(({ name, within }) => [...within, name].join("/")),
      ["left", "right", "tower/inside", "tower/inside", "both", "one", "other"],
    );
    assert.match(await open.svg!(), />tower</);
  });

  it("draws InceptionV3 in rows, with nothing on top of anything", async () => {
    const svg = await diagram(await applications.inceptionV3({ weights: null })).svg!();
    assert.ok(Number(/width="(\d+)"/.exec(svg)![1]) < 1300);
    const bodies = [
      ...svg.matchAll(
        /<text x="([\d.]+)" y="([\d.]+)" [^>]*font-weight="bold" text-anchor="middle"[^>]*>[^<]*@/g,
      ),
    ];
    assert.ok(bodies.length > 100);
    const places = bodies.map(([, x, y]) => [Number(x), Number(y)] as const);
    const close = places.filter(([x, y], i) =>
      places.some(([otherX, otherY], j) => i < j && Math.abs(x - otherX) < 60 && Math.abs(y - otherY) < 60),
    );
    assert.deepEqual(close, []);
  });

  it("shows lengths that nobody knows", async () => {
    const image = tf.input({ shape: [null, null, 3], name: "image" });
    const model = tf.model({
      inputs: image,
      outputs: on(layers.conv2d({ filters: 2, kernelSize: 3 }), image),
    });
    assert.match(await diagram(model).svg!(), />2@\?×\?</);
  });

  it("says in one line what it cannot draw, and makes no tensors", () => {
    const model = residual();
    const before = tf.memory().numTensors;
    assert.throws(() => diagram(model, { style: "3d" as "2d" }), /^InputError: diagram: expected style/);
    assert.throws(() => diagram(model, { width: 10 }), /^InputError: diagram: expected width/);
    assert.throws(() => diagram(tf.sequential()), /which is not built; give its first layer an inputShape/);
    diagram(model);
    assert.equal(tf.memory().numTensors, before);
  });
});
