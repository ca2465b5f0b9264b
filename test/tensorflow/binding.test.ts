import assert from "node:assert/strict";
import { join } from "node:path";
import { newBinding } from "../../src/tensorflow/binding.ts";
import type { Binding } from "../../src/tensorflow/binding.ts";
import { openContext } from "../../src/tensorflow/context.ts";
import { dataTypes } from "../../src/tensorflow/dataTypes.ts";
import type { TensorValues } from "../../src/tensorflow/tensorData.ts";
import { needTensorflowLibrary } from "../support/needTensorflow.ts";

const text = new TextEncoder();

describe("the binding", () => {
  let binding: Binding;

  before(function () {
    binding = newBinding(openContext(needTensorflowLibrary.call(this)));
  });

  afterEach(() => {
    assert.equal(binding.getNumOfTensors(), 0, "tensors are left");
  });

  function roundTrip(shape: number[], dtype: number, values: TensorValues): TensorValues {
    const id = binding.createTensor(shape, dtype, values);
    try {
      return binding.tensorDataSync(id);
    } finally {
      binding.deleteTensor(id);
    }
  }

  function type(name: string, value: number): { name: string; type: number; value: number } {
    return { name, type: binding.TF_ATTR_TYPE, value };
  }

  describe("gives back what it was given", () => {
    const pairs: [string, number[], number, TensorValues][] = [
      ["float32", [2, 2], dataTypes.float, new Float32Array([1.5, -0, NaN, Infinity])],
      ["float32 without elements", [0, 3], dataTypes.float, new Float32Array(0)],
      ["int32", [3], dataTypes.int32, new Int32Array([-(2 ** 31), 0, 2 ** 31 - 1])],
      ["bool", [2], dataTypes.bool, new Uint8Array([1, 0])],
      ["complex64", [2], dataTypes.complex64, new Float32Array([1, 2, 3, 4])],
      ["int64", [2], dataTypes.int64, new BigInt64Array([-(2n ** 63n), 2n ** 63n - 1n])],
      [
        "strings: none, 22 and 23 bytes, long, binary, not ASCII",
        [6],
        dataTypes.string,
        [
          new Uint8Array(0),
          text.encode("a".repeat(22)),
          text.encode("b".repeat(23)),
          text.encode("c".repeat(100_000)),
          new Uint8Array([0, 255, 0, 128]),
          text.encode("Größe 📐 Kreis"),
        ],
      ],
    ];
    for (const [name, shape, dtype, values] of pairs) {
      it(name, () => {
        assert.deepEqual(roundTrip(shape, dtype, values), values);
      });
    }
  });

  it("reads an int64 from two int32, the low half first, as tfjs-node writes it", () => {
    const read = roundTrip([2], dataTypes.int64, new Int32Array([5, 0, -5, -1]));
    assert.deepEqual(read, new BigInt64Array([5n, -5n]));
  });

  it("reads uint8 as the int32 that TensorFlow.js takes it for", () => {
    assert.deepEqual(
      roundTrip([3], dataTypes.uint8, new Uint8Array([0, 7, 255])),
      new Int32Array([0, 7, 255]),
    );
  });

  it("refuses values of another type or number than the shape demands", () => {
    assert.throws(
      () => roundTrip([2], dataTypes.float, new Int32Array(2)),
      /float expected, found Int32Array/,
    );
    assert.throws(
      () => roundTrip([2], dataTypes.float, new Float32Array(3)),
      /2 values expected for shape \[2\], found 3/,
    );
    assert.throws(() => roundTrip([2], dataTypes.string, [new Uint8Array(0)]), /array of 2 Uint8Array/);
  });

  it("holds strings for as long as any tensor that shares them", () => {
    const long = text.encode("x".repeat(1000));
    const first = binding.createTensor([1], dataTypes.string, [long]);
    const shape = binding.createTensor([2], dataTypes.int32, new Int32Array([1, 1]));
    const attributes = [type("T", dataTypes.string), type("Tshape", dataTypes.int32)];
    const [reshaped] = binding.executeOp("Reshape", attributes, [first, shape], 1);
    binding.deleteTensor(first);
    assert.deepEqual(reshaped!.shape, [1, 1]);
    assert.deepEqual(binding.tensorDataSync(reshaped!.id), [long]);
    for (const id of [shape, reshaped!.id]) binding.deleteTensor(id);
  });

  it("turns what TensorFlow.js cannot hold into what it can: half into float32", () => {
    const x = binding.createTensor([2], dataTypes.float, new Float32Array([1, 1 / 3]));
    const attributes = [type("SrcT", dataTypes.float), type("DstT", dataTypes.half)];
    const [half] = binding.executeOp("Cast", attributes, [x], 1);
    assert.equal(half!.dtype, dataTypes.float);
    assert.deepEqual(binding.tensorDataSync(half!.id), new Float32Array([1, 0.333251953125]));
    for (const id of [x, half!.id]) binding.deleteTensor(id);
  });

  it("frees an output that it cannot hold, and names the operation", () => {
    const shape = binding.createTensor([1], dataTypes.int32, new Int32Array([1]));
    const attributes = [type("element_dtype", dataTypes.float), type("shape_type", dataTypes.int32)];
    const count = binding.createTensor([], dataTypes.int32, new Int32Array([2]));
    assert.throws(
      () => binding.executeOp("TensorListReserve", attributes, [shape, count], 1),
      /TensorListReserve: TensorFlow.js cannot hold an output of type 21/,
    );
    assert.equal(binding.getNumOfTensors(), 2);
    for (const id of [shape, count]) binding.deleteTensor(id);
  });

  it("passes resources from one operation to the next", () => {
    const shape = { name: "shape", type: binding.TF_ATTR_SHAPE, value: [2] };
    const dtype = type("dtype", dataTypes.float);
    const [variable] = binding.executeOp("VarHandleOp", [dtype, shape], [], 1);
    assert.equal(variable!.dtype, dataTypes.resource);
    const value = binding.createTensor([2], dataTypes.float, new Float32Array([3, 4]));
    assert.deepEqual(binding.executeOp("AssignVariableOp", [dtype], [variable!.id, value], 0), []);
    const [read] = binding.executeOp("ReadVariableOp", [dtype], [variable!.id], 1);
    assert.deepEqual(binding.tensorDataSync(read!.id), new Float32Array([3, 4]));
    assert.ok((binding.tensorDataSync(variable!.id) as Uint8Array).length > 0);
    for (const id of [variable!.id, value, read!.id]) binding.deleteTensor(id);
  });

  it("names the operation in every error of TensorFlow, and goes on after it", () => {
    const x = binding.createTensor([2], dataTypes.float, new Float32Array([1, 2]));
    assert.throws(() => binding.executeOp("NoSuchOp", [], [x], 1), /^InputError: NoSuchOp: /);
    assert.throws(() => binding.executeOp("MatMul", [], [x, x], 1), /^Error: MatMul: /);
    assert.throws(() => binding.executeOp("AddV2", [], [x], 1), /^Error: AddV2: /);
    const wrong = { name: "T", type: 42, value: 1 };
    assert.throws(() => binding.executeOp("AddV2", [wrong], [x, x], 1), /attribute T: kind 42/);
    const [sum] = binding.executeOp("AddV2", [type("T", dataTypes.float)], [x, x], 1);
    assert.deepEqual(binding.tensorDataSync(sum!.id), new Float32Array([2, 4]));
    for (const id of [x, sum!.id]) binding.deleteTensor(id);
  });

  it("refuses a tensor that was deleted", () => {
    const x = binding.createTensor([], dataTypes.float, new Float32Array([1]));
    binding.deleteTensor(x);
    assert.throws(() => binding.tensorDataSync(x), /tensor \d+ is not held, or was deleted/);
    assert.throws(() => {
      binding.deleteTensor(x);
    }, /not held/);
  });

  describe("with a SavedModel", () => {
    const affine = join(import.meta.dirname, "../fixtures/tensorflow/affine");

    it("loads, runs and deletes it", () => {
      const model = binding.loadSavedModel(affine, "serve");
      assert.equal(binding.getNumOfSavedModels(), 1);
      const x = binding.createTensor([3], dataTypes.float, new Float32Array([0, 1, 2]));
      const run = (input: string, output: string): number[] => {
        const [y] = binding.runSavedModel(model, [x], input, output);
        const values = binding.tensorDataSync(y!.id) as Float32Array;
        binding.deleteTensor(y!.id);
        return Array.from(values);
      };
      assert.deepEqual(run("serving_default_x:0", "PartitionedCall:0"), [1, 3, 5]);
      assert.throws(() => run("nothing:0", "PartitionedCall:0"), /the graph has no operation "nothing"/);
      assert.throws(() => run("a:0,b:0", "PartitionedCall:0"), /2 inputs expected, found 1 tensors/);
      binding.deleteTensor(x);
      binding.deleteSavedModel(model);
      assert.equal(binding.getNumOfSavedModels(), 0);
    });

    it("says which directory cannot be loaded", () => {
      assert.throws(() => binding.loadSavedModel("/nowhere", "serve"), /loadSavedModel \/nowhere: /);
      assert.equal(binding.getNumOfSavedModels(), 0);
    });
  });
});
