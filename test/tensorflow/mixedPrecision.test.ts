import assert from "node:assert/strict";
import { backend } from "../../src/tensorflow/backend.ts";
import { functionConfig } from "../../src/tensorflow/configProto.ts";
import {
  choosePrecision,
  cpuFlags,
  dtypePolicy,
  precisionConfig,
  setDtypePolicy,
} from "../../src/tensorflow/mixedPrecision.ts";
import type { DtypePolicy, Units } from "../../src/tensorflow/mixedPrecision.ts";
import { tf } from "../../src/tensorflow/tf.ts";

const plain: Units = {
  backend: "tensorflow",
  isGpu: false,
  computeCapability: 0,
  cpuFlags: new Set(["avx2", "avx512f"]),
};
const withBfloat16 = { ...plain, cpuFlags: new Set(["avx512f", "avx512_bf16"]) };
const gpu = (computeCapability: number): Units => ({ ...plain, isGpu: true, computeCapability });

function choose(policy: DtypePolicy, units: Units): [string, string] {
  const { compute, reason } = choosePrecision(policy, units);
  return [compute, reason];
}

describe("choosePrecision", () => {
  it("takes bfloat16 where the processor multiplies it", () => {
    assert.deepEqual(choose("mixed_bfloat16", withBfloat16), ["bfloat16", "the processor has avx512_bf16"]);
    for (const flag of ["amx_bf16", "bf16"]) {
      assert.equal(choose("mixed_bfloat16", { ...plain, cpuFlags: new Set([flag]) })[0], "bfloat16");
    }
  });

  it("stays float32 where the processor does not gain, and says why", () => {
    const none = "the processor has no units for smaller types";
    assert.deepEqual(choose("mixed_bfloat16", plain), ["float32", none]);
    assert.deepEqual(choose("mixed_float16", plain), ["float32", none]);
    assert.deepEqual(choose("mixed_float16", withBfloat16), [
      "float32",
      'on this processor take "mixed_bfloat16"',
    ]);
  });

  it("takes float16 on GPUs that have units for it", () => {
    assert.deepEqual(choose("mixed_float16", gpu(7)), ["float16", "the GPU has compute capability 7.0"]);
    assert.deepEqual(choose("mixed_float16", gpu(6.1)), [
      "float32",
      "the GPU has compute capability 6.1, units for float16 begin with 7.0",
    ]);
    assert.deepEqual(choose("mixed_bfloat16", gpu(9)), ["float32", 'on a GPU take "mixed_float16"']);
  });

  it("stays float32 with the other backends", () => {
    assert.deepEqual(choose("mixed_bfloat16", { ...withBfloat16, backend: "wasm" }), [
      "float32",
      "the backend wasm has float32 alone",
    ]);
  });

  it("stays float32 when asked to", () =>
    assert.deepEqual(choose("float32", withBfloat16), ["float32", "as asked"]));
});

describe("setDtypePolicy", () => {
  let usual: string;
  before(() => {
    usual = backend().name;
  });
  after(async () => {
    setDtypePolicy("float32");
    await tf.setBackend(usual);
  });

  it("sets what holds from then on", () => {
    const set = setDtypePolicy("mixed_bfloat16");
    assert.deepEqual(dtypePolicy(), set);
    const usual = functionConfig("float32", false);
    assert.equal(Buffer.compare(precisionConfig(), usual) === 0, set.compute === "float32");
    setDtypePolicy("float32");
    assert.equal(dtypePolicy().compute, "float32");
    assert.deepEqual(precisionConfig(), usual);
  });

  it("stays float32 where there is no TensorFlow", async () => {
    await tf.setBackend("wasm");
    assert.equal(setDtypePolicy("mixed_float16").compute, "float32");
  });

  it("refuses a policy that there is not", () => {
    assert.throws(
      () => setDtypePolicy("float16" as DtypePolicy),
      /^InputError: setDtypePolicy: expected float32, mixed_float16, mixed_bfloat16, found "float16"$/,
    );
  });
});

describe("cpuFlags", () => {
  it("reads those of the first processor, on x86 and on ARM", () => {
    assert.deepEqual(
      [...cpuFlags("processor\t: 0\nflags\t\t: fpu avx512_bf16\n\nflags\t\t: fpu\n")],
      ["fpu", "avx512_bf16"],
    );
    assert.deepEqual([...cpuFlags("Features\t: fp asimd bf16\n")], ["fp", "asimd", "bf16"]);
  });
});
