import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { cudaBuild } from "../../../src/tensorflow/devices/cudaBuild.ts";
import { needTensorflowLibrary } from "../../support/needTensorflow.ts";
import { needLinux } from "../../support/needs.ts";

describe("cudaBuild", () => {
  let packages: string;
  beforeEach(() => {
    packages = mkdtempSync(join(tmpdir(), "cuda-build-"));
  });
  afterEach(() => {
    rmSync(packages, { recursive: true });
  });

  function write(name: string, text = ""): string {
    const path = join(packages, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  }

  const library = (): string => write("tensorflow/libtensorflow_cc.so.2");
  const notes = (isCuda: string): string =>
    write(
      "tensorflow/python/platform/build_info.py",
      `build_info = collections.OrderedDict([('cuda_version', '12.5.1'), ('is_cuda_build', ${isCuda})])`,
    );

  it("knows a wheel for CPUs", () => {
    notes("False");
    assert.deepEqual(cudaBuild(library()), { cuda: false, missing: [] });
  });

  it("knows a wheel for CUDA, and which of its libraries are missing", function () {
    needLinux.call(this);
    notes("True");
    write("nvidia/cudnn/lib/libcudnn.so.9");
    write("nvidia/cuda_runtime/lib/libcudart.so.12");
    const { cuda, missing } = cudaBuild(library());
    assert.equal(cuda, true);
    assert.ok(!missing.includes("libcudnn.so.9") && !missing.includes("libcudart.so.12"));
    for (const part of ["cublas/lib/libcublas.so.12", "cufft/lib/libcufft.so.11"]) write(`nvidia/${part}`);
    for (const part of ["cusolver/lib/libcusolver.so.11", "cusparse/lib/libcusparse.so.12"]) {
      write(`nvidia/${part}`);
    }
    assert.deepEqual(cudaBuild(library()), { cuda: true, missing: [] });
  });

  it("takes a library without a wheel for one without CUDA", () =>
    assert.deepEqual(cudaBuild(library()), { cuda: false, missing: [] }));

  it("reads the wheel that is here", function () {
    assert.equal(typeof cudaBuild(needTensorflowLibrary.call(this)).cuda, "boolean");
  });
});
