import assert from "node:assert/strict";
import { backendOrder } from "../../../src/tensorflow/devices/backendOrder.ts";

describe("backendOrder", () => {
  it("is TensorFlow, WebAssembly, plain JavaScript", () =>
    assert.deepEqual(backendOrder(), ["tensorflow", "wasm", "cpu"]));

  it("begins with what is wanted, and falls back to the others", () => {
    assert.deepEqual(backendOrder("cpu"), ["cpu", "tensorflow", "wasm"]);
    assert.deepEqual(backendOrder("webgpu"), ["webgpu", "tensorflow", "wasm", "cpu"]);
  });
});
