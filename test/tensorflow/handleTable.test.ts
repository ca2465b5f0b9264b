import assert from "node:assert/strict";
import { currentRuntime } from "../../src/tensorflow/runtime.ts";
import { readHandle } from "../../src/tensorflow/tensorData.ts";
import { tf } from "../../src/tensorflow/tf.ts";
import { needTensorflow } from "../support/needTensorflow.ts";

describe("HandleTable", () => {
  before(needTensorflow);

  it("reads a tensor that lives in a variable of TensorFlow's, and reads it anew when that has changed", () => {
    const { handles, idOf, execute, context } = currentRuntime()!;
    const [tensor, other] = [tf.tensor1d([1, 2]), tf.tensor1d([3, 4])];
    const id = idOf(tensor);
    const resource = handles.resource(id);
    assert.deepEqual(readHandle(context, handles.get(id)), new Float32Array([1, 2]));
    const type = { name: "dtype", type: 4, value: 1 };
    execute("AssignVariableOp", [type], [handles.resource(id), handles.get(idOf(other))], 0);
    assert.equal(handles.resource(id), resource);
    assert.deepEqual(tensor.dataSync(), new Float32Array([3, 4]));
    tf.dispose([tensor, other]);
    assert.throws(() => handles.get(id), /not held, or was deleted/);
  });

  it("gives a variable whose value is shared one of its own", () => {
    const { idOf, ownIdOf } = currentRuntime()!;
    const variable = tf.tidy(() => tf.tensor1d([1, 2]).variable());
    assert.equal(ownIdOf(variable), idOf(variable));
    const shared = variable.clone();
    assert.notEqual(ownIdOf(variable), idOf(shared));
    assert.deepEqual(variable.dataSync(), shared.dataSync());
    tf.dispose([shared, variable]);
  });
});
