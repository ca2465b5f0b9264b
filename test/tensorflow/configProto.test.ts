import assert from "node:assert/strict";
import { functionConfig, sessionConfig } from "../../src/tensorflow/configProto.ts";

// The expected bytes are those of tensorflow.core.protobuf.config_pb2.ConfigProto(…).SerializeToString(deterministic=True).hex() in Python.
describe("sessionConfig", () => {
  const hex = (threads?: number): string => Buffer.from(sessionConfig({ threads })).toString("hex");

  it("lets the memory of a GPU grow", () => {
    assert.equal(hex(), "32022001");
  });

  it("sets the threads of and between operations", () => {
    assert.equal(hex(1), "1001280132022001");
    assert.equal(hex(300), "10ac0228ac0232022001");
  });
});

describe("functionConfig", () => {
  const hex = (...config: Parameters<typeof functionConfig>): string =>
    Buffer.from(functionConfig(...config)).toString("hex");

  it("turns TensorFlow's rewriter on: for float16 on a GPU, for bfloat16 on the CPU", () => {
    assert.equal(hex("float16", true), "52055203b80101");
    assert.equal(hex("bfloat16", false), "52055203f80101");
  });

  it("lets TensorFlow improve the graph for float32 too", () => {
    assert.equal(hex("float32", true), "52025200");
    assert.equal(hex("float32", false), "52025200");
  });
});
