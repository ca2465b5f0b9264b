import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { otherTensorflow } from "../../../src/tensorflow/devices/oneTensorflow.ts";
import { needTensorflowLibrary } from "../../support/needTensorflow.ts";
import { needLinux } from "../../support/needs.ts";
import { resultOf, runChild } from "../support/child.ts";
import { compileStandIn } from "../support/standIn.ts";

describe("otherTensorflow", () => {
  const ours = "/venv/tensorflow/libtensorflow_cc.so.2";

  it("is a TensorFlow from another directory", () => {
    for (const other of [
      "/tfjs-node/deps/lib/libtensorflow.so.2",
      "/tfjs-node/deps/lib/libtensorflow_framework.so.2.9.1",
      "/tfjs-node/deps/lib/libtensorflow.2.dylib",
    ]) {
      assert.equal(otherTensorflow(ours, ["/lib/libc.so.6", other]), other);
    }
  });

  it("is no part of the same one, and no other library", () => {
    const others = ["/venv/tensorflow/libtensorflow_framework.so.2", ours, "/x/libtensorflowlite.so"];
    assert.equal(otherTensorflow(ours, others), undefined);
  });
});

describe("two TensorFlows in one process", () => {
  let directory: string;
  before(function () {
    needTensorflowLibrary.call(this);
    directory = mkdtempSync(join(tmpdir(), "two-"));
  });
  after(() => {
    if (directory !== undefined) rmSync(directory, { recursive: true });
  });

  it("are refused in one line when tfjs-node came first; WebAssembly runs then", function () {
    const other = join(directory, "deps/lib/libtensorflow.so.2");
    needLinux.call(this);
    compileStandIn(this, other, "int nothing;");
    const child = runChild(`
      const { default: koffi } = await import("koffi");
      koffi.load("${other}");
      tf.ones([1]).dispose();
      console.log(JSON.stringify(backend().name));`);
    assert.equal(resultOf(child), "wasm");
    assert.match(
      child.stderr,
      /TensorFlow: expected one TensorFlow in a process, found \/.*libtensorflow\.so\.2 beside it; take tf from convoscope/,
    );
    assert.equal(child.stderr.trim().split("\n").length, 1, child.stderr);
  });

  it("are refused in one line when tfjs-node comes second; ours runs on", () => {
    const child = runChild(`
      const x = tf.tensor([1, 2]);
      let message = "";
      try { process.dlopen({ exports: {} }, "/somewhere/napi-v8/tfjs_binding.node"); } catch (error) { message = error.message; }
      console.log(JSON.stringify([message, x.sum().dataSync()[0]]));`);
    const [message, sum] = resultOf(child) as [string, number];
    assert.match(
      message,
      /^TensorFlow: expected one TensorFlow in a process, found \/somewhere\/napi-v8\/tfjs_binding\.node, while/,
    );
    assert.equal(sum, 3);
  });
});
