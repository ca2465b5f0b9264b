import assert from "node:assert/strict";
import { explainGpu } from "../../../src/tensorflow/devices/explainGpu.ts";
import type { GpuFacts } from "../../../src/tensorflow/devices/explainGpu.ts";

const nvidia = { name: "NVIDIA H200", cuda: 12040, computeCapability: 9 };
const build = { cuda: true, missing: [] };

function explain(facts: Partial<GpuFacts>): string | undefined {
  const unused = explainGpu({ nvidia: undefined, otherGpu: false, build, webgpu: false, ...facts });
  return unused && `${unused.why}; ${unused.fix}`;
}

describe("explainGpu", () => {
  it("says nothing where there is no GPU", () => {
    assert.equal(explain({}), undefined);
    assert.equal(explain({ build: undefined }), undefined);
  });

  it("says when the driver is too old", () => {
    assert.equal(
      explain({ nvidia: { ...nvidia, cuda: 11040 } }),
      "NVIDIA H200 is not used: expected a driver for CUDA 12, found one for CUDA 11.4; update NVIDIA's driver to version 525 or newer",
    );
  });

  it("says when the driver does not start", () => {
    assert.match(
      explain({ nvidia: { ...nvidia, failure: 803 } })!,
      /a driver that starts, found CUDA's error 803;/,
    );
  });

  it("says when TensorFlow was built for CPUs", () => {
    assert.equal(
      explain({ nvidia, build: { cuda: false, missing: [] } }),
      'NVIDIA H200 is not used: expected a TensorFlow with CUDA, found one for CPUs; pip uninstall tensorflow-cpu, then pip install "tensorflow[and-cuda]"',
    );
  });

  it("says which libraries of CUDA are missing", () => {
    const missing = ["libcudnn.so.9", "libcufft.so.11"];
    assert.equal(
      explain({ nvidia, build: { cuda: true, missing } }),
      'NVIDIA H200 is not used: expected CUDA\'s libraries, found no libcudnn.so.9, no libcufft.so.11; pip install "tensorflow[and-cuda]"',
    );
  });

  it("says where to look when all seems to be there", () => {
    assert.match(explain({ nvidia })!, /TF_CPP_MIN_LOG_LEVEL=0/);
  });

  it("says how a GPU can be used where TensorFlow cannot", () => {
    const without = { build: undefined };
    assert.equal(
      explain({ ...without, nvidia }),
      'NVIDIA H200 is not used: expected TensorFlow, found none; pip install "tensorflow[and-cuda]"',
    );
    assert.equal(
      explain({ ...without, otherGpu: true }),
      'the GPU is not used: expected the packages for WebGPU, found none; npm install webgpu @tensorflow/tfjs-backend-webgpu, then await tf.setBackend("webgpu")',
    );
    assert.match(
      explain({ ...without, otherGpu: true, webgpu: true })!,
      /; await tf\.setBackend\("webgpu"\)$/,
    );
  });
});
