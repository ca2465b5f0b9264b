import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { backend } from "../../src/tensorflow/backend.ts";
import { tf } from "../../src/tensorflow/tf.ts";
import { needTensorflowLibrary } from "../support/needTensorflow.ts";
import { compileStandIn } from "./support/standIn.ts";

const source = join(import.meta.dirname, "../../src/tensorflow");

/** Makes a tensor in a process of its own and prints the report. */
function report(env: NodeJS.ProcessEnv): { status: number | null; stdout: string; stderr: string } {
  const code = `
    import { tf } from "${source}/tf.ts";
    import { backend } from "${source}/backend.ts";
    const sum = tf.tensor([1, 2]).sum().dataSync()[0];
    console.log(JSON.stringify({ sum, ...backend() }));`;
  return spawnSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", code], {
    encoding: "utf8",
    env: { ...process.env, CONVOSCOPE_BACKEND: "", CONVOSCOPE_LIBTENSORFLOW: "", ...env },
  });
}

function lines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}

describe("backend", () => {
  let directory: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), "backend-"));
  });
  after(() => {
    rmSync(directory, { recursive: true });
  });

  describe("with TensorFlow", () => {
    before(needTensorflowLibrary);

    it("reports what runs where and why, and the process ends without a word of TensorFlow's own", () => {
      const { status, stdout, stderr } = report({});
      const { sum, name, version, reason, text } = JSON.parse(stdout) as Record<string, string>;
      assert.deepEqual([status, sum, name], [0, 3, "tensorflow"]);
      assert.match(version!, /^2\.\d+\.\d+/);
      assert.match(reason!, /^found in .*libtensorflow_cc/);
      assert.match(
        text!,
        /^tensorflow 2\..* on (CPU|GPU):0, \d+ threads?, \d+ tensors \(\d+ bytes\): found in/,
      );
      assert.equal(stderr, "");
    });

    it("counts tensors and their bytes", () => {
      const before = backend().memory;
      const x = tf.ones([10, 10]);
      x.dataSync();
      const { tensors, bytes } = backend().memory;
      assert.deepEqual([tensors - before.tensors, bytes - before.bytes], [1, 400]);
      x.dispose();
      assert.deepEqual(backend().memory, before);
    });

    it("can be changed and changed back, tensors and all", async () => {
      const usual = backend().name;
      const x = tf.tensor([1, 2, 3]);
      for (const name of ["wasm", "cpu", "tensorflow", usual]) {
        assert.equal(await tf.setBackend(name), true);
        assert.equal(backend().name, name);
        tf.tidy(() => {
          assert.deepEqual(Array.from(x.add(1).dataSync()), [2, 3, 4]);
        });
      }
      x.dispose();
    });
  });

  it("is WebAssembly where there is no TensorFlow, and says so in one line", () => {
    const { status, stdout, stderr } = report({ CONVOSCOPE_LIBTENSORFLOW: directory });
    const { sum, name, reason } = JSON.parse(stdout) as Record<string, string>;
    assert.deepEqual([status, sum, name], [0, 3, "wasm"]);
    assert.deepEqual(lines(stderr), [`convoscope: backend wasm: ${reason!}`]);
    assert.ok(reason!.includes(directory) && reason!.includes("pip install tensorflow"), reason);
  });

  it("is WebAssembly where the library is broken, and says so in one line", () => {
    const broken = join(directory, "libtensorflow_cc.so.2");
    writeFileSync(broken, "not a library\n");
    const { status, stdout, stderr } = report({ CONVOSCOPE_LIBTENSORFLOW: broken });
    const { name, reason } = JSON.parse(stdout) as Record<string, string>;
    assert.deepEqual([status, name], [0, "wasm"]);
    assert.equal(lines(stderr).length, 1, stderr);
    assert.ok(reason!.includes(broken), reason);
  });

  it("is WebAssembly where the library lacks TensorFlow's functions", () => {
    const { status, stdout } = report({ CONVOSCOPE_LIBTENSORFLOW: notTensorflow() });
    const { name, reason } = JSON.parse(stdout) as Record<string, string>;
    assert.deepEqual([status, name], [0, "wasm"]);
    assert.match(reason!, /TF_Version/);
  });

  it("is WebAssembly where the library is too old, and says which it should be", function () {
    const old = join(directory, "libtensorflow_old.so.2");
    compileStandIn(this, old, 'const char* TF_Version(void) { return "2.9.1"; }');
    const { name, reason } = JSON.parse(report({ CONVOSCOPE_LIBTENSORFLOW: old }).stdout) as Record<
      string,
      string
    >;
    assert.equal(name, "wasm");
    assert.match(
      reason!,
      /expected version 2\.16 or newer, found 2\.9\.1 in .*; pip install --upgrade tensorflow/,
    );
  });

  it("is the one that CONVOSCOPE_BACKEND names", () => {
    for (const wanted of ["wasm", "cpu"]) {
      const { stdout, stderr } = report({ CONVOSCOPE_BACKEND: wanted });
      assert.equal((JSON.parse(stdout) as { name: string }).name, wanted);
      assert.deepEqual(lines(stderr), [`convoscope: backend ${wanted}: CONVOSCOPE_BACKEND=${wanted}`]);
    }
  });

  it("refuses a name that CONVOSCOPE_BACKEND should not have", () => {
    const { status, stderr } = report({ CONVOSCOPE_BACKEND: "gpu" });
    assert.equal(status, 1);
    assert.match(
      stderr,
      /InputError: CONVOSCOPE_BACKEND: expected tensorflow, webgpu, wasm, cpu, found "gpu"/,
    );
  });

  it("refuses to fall back when CONVOSCOPE_BACKEND demands TensorFlow", () => {
    const { status, stderr } = report({
      CONVOSCOPE_BACKEND: "tensorflow",
      CONVOSCOPE_LIBTENSORFLOW: "/nowhere",
    });
    assert.equal(status, 1);
    assert.match(stderr, /InputError: TensorFlow: expected its library in \/nowhere, found none/);
  });
});

/** Some library that is none of TensorFlow's. */
function notTensorflow(): string {
  const { sharedObjects } = process.report.getReport() as unknown as { sharedObjects: string[] };
  return sharedObjects.find((path) => /libm[.-]/.test(path)) ?? sharedObjects[0]!;
}
