import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { KernelBackend } from "@tensorflow/tfjs";
import { InputError } from "../../errors.ts";

/** Dawn, Chromium's WebGPU, for Node; and the backend of TensorFlow.js on it. Neither is a dependency: they are taken if somebody has installed them. */
const packages = { dawn: "webgpu", backend: "@tensorflow/tfjs-backend-webgpu" } as const;

/** The parts of WebGPU that are needed to start; TypeScript's own types of it would need the browser's. */
interface Adapter {
  features: ReadonlySet<string>;
  limits: Record<string, number>;
  info: unknown;
  requestDevice(wishes: object): Promise<unknown>;
}
interface Dawn {
  create(options: string[]): { requestAdapter(wishes: object): Promise<Adapter | null> };
  globals: object;
}
interface WebgpuPackage {
  WebGPUBackend: new (device: unknown, info: unknown) => KernelBackend;
}

/** The limits of a device that the backend wants as high as the GPU has them. */
const wantedLimits = [
  "maxComputeWorkgroupStorageSize",
  "maxComputeWorkgroupsPerDimension",
  "maxStorageBufferBindingSize",
  "maxBufferSize",
  "maxComputeWorkgroupSizeX",
  "maxComputeInvocationsPerWorkgroup",
];

/** Dawn's instance behind each backend: the device does not keep it alive, and dies with it. */
const instances = new WeakMap<KernelBackend, unknown>();

/** Where the packages may be installed: beside this one, or in the project that a user works in. */
function usualPlaces(): string[] {
  return [import.meta.dirname, process.cwd()];
}

/** Whether both packages can be found from one of `places`. */
export function webgpuInstalled(places = usualPlaces()): boolean {
  return Object.values(packages).every((name) => find(name, places) !== undefined);
}

/**
 * Makes the WebGPU backend on the machine's fastest GPU. Its tensors can be read asynchronously only: `await x.data()`, never
 * `x.dataSync()`.
 *
 * @throws InputError when the packages are not installed or there is no GPU that they can use
 */
export async function newWebgpuBackend(places = usualPlaces()): Promise<KernelBackend> {
  const [dawnPath, backendPath] = [find(packages.dawn, places), find(packages.backend, places)];
  if (dawnPath === undefined || backendPath === undefined) {
    const all = Object.values(packages).join(" ");
    throw new InputError({
      who: "webgpu",
      expected: `the packages ${all}`,
      found: "not both of them",
      fix: `npm install ${all}`,
    });
  }
  // The backend first: it would register itself, under the name that is ours, where it finds a GPU on `navigator`.
  const backend = createRequire(import.meta.url)(backendPath) as WebgpuPackage;
  const dawn = (await import(pathToFileURL(dawnPath).href)) as Dawn;
  Object.assign(globalThis, dawn.globals);
  const gpu = dawn.create([]);
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  if (adapter === null) {
    throw new InputError({
      who: "webgpu",
      expected: "a GPU with a driver for Vulkan, Metal or Direct3D 12",
      found: "none",
      fix: 'install the driver, or go on with tf.setBackend("wasm")',
    });
  }
  const requiredFeatures = ["timestamp-query"].filter((name) => adapter.features.has(name));
  const requiredLimits = Object.fromEntries(wantedLimits.map((name) => [name, adapter.limits[name]]));
  const device = await adapter.requestDevice({ requiredFeatures, requiredLimits });
  const made = withNavigator(gpu, () => new backend.WebGPUBackend(device, adapter.info));
  instances.set(made, gpu);
  return readAsynchronously(made);
}

/** Says what to do where the backend would say that Node is no browser. */
function readAsynchronously(backend: KernelBackend): KernelBackend {
  const readSync = backend.readSync.bind(backend);
  backend.readSync = (dataId) => {
    try {
      return readSync(dataId);
    } catch (cause) {
      throw new InputError({
        who: "webgpu",
        expected: "tensors to be read asynchronously",
        found: "dataSync, arraySync, or another backend that wants them",
        fix: "await x.data() or await x.array()",
        cause,
      });
    }
  };
  return backend;
}

/** Runs `work` while `navigator.gpu` is there, for which the backend looks. Left there it would keep the process from ending. */
function withNavigator<Result>(gpu: unknown, work: () => Result): Result {
  const before = Object.getOwnPropertyDescriptor(globalThis, "navigator");
  Object.defineProperty(globalThis, "navigator", { value: { gpu }, configurable: true });
  try {
    return work();
  } finally {
    if (before === undefined) Reflect.deleteProperty(globalThis, "navigator");
    else Object.defineProperty(globalThis, "navigator", before);
  }
}

function find(name: string, places: readonly string[]): string | undefined {
  for (const place of places) {
    try {
      return createRequire(join(place, "here.js")).resolve(name);
    } catch {
      // Not from there; perhaps from the next.
    }
  }
  return undefined;
}
