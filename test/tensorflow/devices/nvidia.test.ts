import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findNvidia } from "../../../src/tensorflow/devices/nvidia.ts";
import { compileStandIn } from "../support/standIn.ts";

/** A driver that says what it is told to. */
function driver({ version = 12040, init = 0, count = 1 } = {}): string {
  return `
    #include <string.h>
    int cuInit(unsigned flags) { return ${String(init)}; }
    int cuDriverGetVersion(int* version) { *version = ${String(version)}; return 0; }
    int cuDeviceGetCount(int* count) { *count = ${String(count)}; return 0; }
    int cuDeviceGetName(char* name, int bytes, int device) { strncpy(name, "NVIDIA Stand-in", bytes); return 0; }
    int cuDeviceGetAttribute(int* value, int which, int device) { *value = which == 75 ? 8 : which == 76 ? 9 : -1; return 0; }`;
}

describe("findNvidia", () => {
  let directory: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), "nvidia-"));
  });
  after(() => {
    rmSync(directory, { recursive: true });
  });

  const cases = [
    { title: "tells name, CUDA and compute capability", answers: {}, expected: 8.9 },
    { title: "finds nothing where the driver knows no device", answers: { init: 100 } },
    { title: "finds nothing where CUDA_VISIBLE_DEVICES hides all", answers: { count: 0 } },
  ];
  cases.forEach(({ title, answers, expected }, index) => {
    it(title, function () {
      const path = join(directory, `libcuda${String(index)}.so`);
      compileStandIn(this, path, driver(answers));
      const computeCapability = expected;
      const found = { name: "NVIDIA Stand-in", cuda: 12040, computeCapability };
      assert.deepEqual(findNvidia(path), expected === undefined ? undefined : found);
    });
  });

  it("tells of a driver that does not start", function () {
    const path = join(directory, "libcudaBroken.so");
    compileStandIn(this, path, driver({ init: 803, version: 11040 }));
    assert.deepEqual(findNvidia(path), {
      name: "NVIDIA GPU",
      cuda: 11040,
      computeCapability: 0,
      failure: 803,
    });
  });

  it("finds nothing where there is no driver", () =>
    assert.equal(findNvidia("/no/such/libcuda.so"), undefined));
});
