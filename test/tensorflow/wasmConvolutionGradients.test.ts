import assert from "node:assert/strict";
import { backend } from "../../src/tensorflow/backend.ts";
import { tf } from "../../src/tensorflow/tf.ts";

type Padding = "same" | "valid" | number | [[0, 0], [number, number], [number, number], [0, 0]];

interface Case {
  size: [number, number];
  filter: [number, number];
  strides: [number, number];
  pad: Padding;
}

const asymmetric: Padding = [
  [0, 0],
  [0, 2],
  [1, 0],
  [0, 0],
];

const cases: Case[] = (
  [
    [6, 7],
    [5, 5],
    [8, 4],
  ] as [number, number][]
).flatMap((size) =>
  (
    [
      [3, 3],
      [1, 1],
      [2, 3],
      [4, 2],
    ] as [number, number][]
  ).flatMap((filter) =>
    (
      [
        [1, 1],
        [2, 2],
        [3, 2],
      ] as [number, number][]
    ).flatMap((strides) =>
      (["same", "valid", 1, asymmetric] as Padding[]).map((pad) => ({ size, filter, strides, pad })),
    ),
  ),
);

/** For padding by a number TensorFlow.js takes height and stride of the rows for the columns too; WebAssembly then writes past the end. */
function isSound({ filter, strides, pad }: Case): boolean {
  return typeof pad !== "number" || (filter[0] === filter[1] && strides[0] === strides[1]);
}

function describeCase({ size, filter, strides, pad }: Case): string {
  return `${size.join("x")}, filter ${filter.join("x")}, strides ${strides.join()}, pad ${JSON.stringify(pad)}`;
}

/** The gradients of a convolution for numbers that are the same with every backend. */
function gradients({ size, filter, strides, pad }: Case, depthwise: boolean): [number[], number[]] {
  return tf.tidy(() => {
    const fill = <R extends tf.Rank>(shape: tf.ShapeMap[R], step: number): tf.Tensor<R> =>
      tf.tensor<R>(
        Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => Math.sin(i * step)),
        shape,
      );
    const x = fill<tf.Rank.R4>([2, ...size, 3], 0.7);
    const weights = fill<tf.Rank.R4>([...filter, 3, 2], 1.3);
    const rounding = typeof pad === "string" ? undefined : "floor";
    const apply = (picture: tf.Tensor, w: tf.Tensor): tf.Tensor => {
      const [input, kernel] = [picture as tf.Tensor4D, w as tf.Tensor4D];
      return depthwise
        ? tf.depthwiseConv2d(input, kernel, strides, pad, "NHWC", 1, rounding)
        : tf.conv2d(input, kernel, strides, pad, "NHWC", 1, rounding);
    };
    const dy = fill<tf.Rank>(apply(x, weights).shape, 0.3);
    const [dx, dw] = tf.grads(apply)([x, weights], dy);
    return [Array.from(dx!.dataSync()), Array.from(dw!.dataSync())];
  });
}

function assertClose(actual: number[], expected: number[]): void {
  assert.equal(actual.length, expected.length);
  const scale = Math.max(1, ...expected.map(Math.abs));
  const difference = Math.max(...actual.map((value, i) => Math.abs(value - expected[i]!))) / scale;
  assert.ok(difference < 1e-5, `relative difference ${String(difference)}`);
}

describe("gradients of convolutions with WebAssembly", () => {
  let usual: string;
  before(() => {
    usual = backend().name;
  });
  after(() => tf.setBackend(usual));

  for (const depthwise of [false, true]) {
    it(`of ${depthwise ? "depthwiseConv2d" : "conv2d"} equal those of the cpu backend`, async () => {
      await tf.setBackend("cpu");
      const valid = cases.filter((one) => isSound(one) && !(depthwise && Array.isArray(one.pad)));
      const expected = valid.map((one) => gradients(one, depthwise));
      await tf.setBackend("wasm");
      valid.forEach((one, index) => {
        const actual = gradients(one, depthwise);
        for (const which of [0, 1] as const) {
          try {
            assertClose(actual[which], expected[index]![which]);
          } catch (error) {
            throw new Error(`${describeCase(one)}, ${which === 0 ? "dx" : "dw"}: ${String(error)}`);
          }
        }
      });
    });
  }

  it("leave no tensor behind", async () => {
    await tf.setBackend("wasm");
    const before = tf.memory().numTensors;
    for (const depthwise of [false, true]) gradients(cases[0]!, depthwise);
    assert.equal(tf.memory().numTensors, before);
  });

  it("refuse a data format that WebAssembly does not have", async () => {
    await tf.setBackend("wasm");
    const x = tf.zeros([1, 1, 4, 4]);
    const dy = tf.zeros([1, 1, 2, 2]);
    const attributes = { strides: 1, pad: "valid", dataFormat: "NCHW", filterShape: [3, 3, 1, 1] };
    assert.throws(() => tf.engine().runKernel("Conv2DBackpropFilter", { x, dy }, attributes), /NHWC/);
    tf.dispose([x, dy]);
  });
});
