import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { newWebgpuBackend, webgpuInstalled } from "../../../src/tensorflow/devices/webgpuBackend.ts";
import { resultOf, runChild } from "../support/child.ts";

/** Packages that stand in for Dawn and its backend: they say what they were asked. */
const dawn = (adapter: string): string => `
  export const globals = { GPUStandIn: 1 };
  export const create = () => ({ requestAdapter: async () => ${adapter} });`;
const adapter = `({
  features: new Set(["timestamp-query", "shader-f16"]),
  limits: { maxBufferSize: 1024 },
  info: "software",
  requestDevice: async (wishes) => ({ wishes }),
})`;
const backendPackage = `
  exports.WebGPUBackend = class {
    constructor(device, info) { Object.assign(this, { device, info, sawGpu: navigator.gpu !== undefined }); }
    readSync() { throw new ReferenceError("OffscreenCanvas is not defined"); }
  };`;

interface StandIn {
  device: { wishes: { requiredFeatures: string[]; requiredLimits: Record<string, number> } };
  info: string;
  sawGpu: boolean;
  readSync(dataId: object): unknown;
}

describe("the WebGPU backend", () => {
  let place: string;
  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), "webgpu-"));
  });
  afterEach(() => {
    rmSync(place, { recursive: true });
    Reflect.deleteProperty(globalThis, "GPUStandIn");
  });

  function install(name: string, main: string, code: string): void {
    const directory = join(place, "node_modules", name);
    const type = main.endsWith(".mjs") ? "module" : "commonjs";
    mkdirSync(dirname(join(directory, main)), { recursive: true });
    writeFileSync(join(directory, "package.json"), JSON.stringify({ name, main, type }));
    writeFileSync(join(directory, main), code);
  }
  const installBoth = (answer: string): void => {
    install("webgpu", "index.mjs", dawn(answer));
    install("@tensorflow/tfjs-backend-webgpu", "index.cjs", backendPackage);
  };

  it("is there only where both packages are installed", () => {
    assert.equal(webgpuInstalled(["/nowhere"]), false);
    installBoth("null");
    assert.equal(webgpuInstalled(["/nowhere", place]), true);
  });

  it("says which packages it needs", async () => {
    await assert.rejects(
      newWebgpuBackend([place]),
      /^InputError: webgpu: expected the packages webgpu @tensorflow\/tfjs-backend-webgpu, found not both of them; npm install webgpu @tensorflow\/tfjs-backend-webgpu$/,
    );
  });

  it("says when there is no GPU with a driver", async () => {
    installBoth("null");
    await assert.rejects(
      newWebgpuBackend([place]),
      /^InputError: webgpu: expected a GPU with a driver .*, found none;/,
    );
  });

  it("starts on the adapter, with all that it can do, and leaves no navigator.gpu behind", async () => {
    installBoth(adapter);
    const before = Object.getOwnPropertyDescriptor(globalThis, "navigator");
    const { device, info, sawGpu } = (await newWebgpuBackend([place])) as unknown as StandIn;
    assert.deepEqual(device.wishes.requiredFeatures, ["timestamp-query"]);
    assert.equal(device.wishes.requiredLimits.maxBufferSize, 1024);
    assert.deepEqual([info, sawGpu], ["software", true]);
    assert.deepEqual(Object.getOwnPropertyDescriptor(globalThis, "navigator"), before);
  });

  it("says how to read its tensors", async () => {
    installBoth(adapter);
    const made = (await newWebgpuBackend([place])) as unknown as StandIn;
    assert.throws(
      () => made.readSync({}),
      /^InputError: webgpu: .*; await x\.data\(\) or await x\.array\(\)$/,
    );
  });

  it("is named by CONVOSCOPE_BACKEND; where it cannot start, the next one does and the reason is said in one line", () => {
    if (webgpuInstalled()) return;
    const code = `await tf.ready(); console.log(JSON.stringify(backend().name));`;
    const child = runChild(code, {
      env: { CONVOSCOPE_BACKEND: "webgpu", CONVOSCOPE_LIBTENSORFLOW: "/nowhere" },
    });
    assert.equal(resultOf(child), "wasm");
    assert.equal(child.stderr.trim().split("\n").length, 1, child.stderr);
  });
});
