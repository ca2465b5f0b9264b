import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import type { KernelBackend } from "@tensorflow/tfjs";
import { InputError } from "../errors.ts";
import { byteSize } from "./byteSize.ts";

/** What emscripten's module offers once it runs. */
interface WasmModule {
  cwrap(name: string, result: string | null, parameters: string[]): unknown;
  tfjs?: Record<string, unknown>;
  _malloc(bytes: number): number;
  _free(address: number): void;
  HEAPU8: Uint8Array;
}

type Instantiated = (instance: WebAssembly.Instance, module: WebAssembly.Module) => void;

const events = ["uncaughtException", "unhandledRejection"] as const;

/**
 * Makes the WebAssembly backend at once, where tfjs-backend-wasm's own start needs to be awaited: the module is compiled and
 * instantiated synchronously, then gets the bridge that the backend class expects.
 */
export function newWasmBackend(): KernelBackend {
  const module = startModule();
  module.tfjs = {
    init: module.cwrap("init", null, []),
    initWithThreadsCount: module.cwrap("init_with_threads_count", null, ["number"]),
    getThreadsCount: module.cwrap("get_threads_count", "number", []),
    registerTensor: module.cwrap("register_tensor", null, ["number", "number", "number"]),
    disposeData: module.cwrap("dispose_data", null, ["number"]),
    dispose: module.cwrap("dispose", null, []),
  };
  checkMemory(module);
  return new BackendWasm(module as unknown as ConstructorParameters<typeof BackendWasm>[0]);
}

/** Has `malloc` throw where there is no memory: the backend would write to address 0, over the module's own data. */
function checkMemory(module: WasmModule): void {
  // The script puts the real functions in place when each is first called.
  module._free(module._malloc(1));
  const malloc = module._malloc.bind(module);
  module._malloc = (bytes) => {
    const address = malloc(bytes);
    if (address === 0 && bytes > 0) {
      throw new InputError({
        who: "wasm",
        expected: `${byteSize(bytes)} of memory for a tensor`,
        found: `${byteSize(module.HEAPU8.length)} in all, too little of it free, and no more than 4 GiB to be had`,
        fix: "take smaller batches or pictures, free tensors with tf.dispose and tf.tidy, or install TensorFlow",
      });
    }
    return address;
  };
}

function startModule(): WasmModule {
  const require = createRequire(import.meta.url);
  const folder = "@tensorflow/tfjs-backend-wasm/wasm-out";
  // The same script drives the plain binary and the one with SIMD, which every Node here can run.
  const start = require(`${folder}/tfjs-backend-wasm.js`) as (settings: object) => Promise<unknown>;
  const binary = readFileSync(require.resolve(`${folder}/tfjs-backend-wasm-simd.wasm`));
  const settings = {
    instantiateWasm(imports: WebAssembly.Imports, done: Instantiated): WebAssembly.Exports {
      const compiled = new WebAssembly.Module(binary);
      const instance = new WebAssembly.Instance(compiled, imports);
      done(instance, compiled);
      return instance.exports;
    },
  };
  // The script makes every unhandled rejection of the process an exception. That is not its to decide: take its listeners off.
  const before = events.map((event) => process.listeners(event as "uncaughtException"));
  void start(settings);
  events.forEach((event, index) => {
    for (const listener of process.listeners(event as "uncaughtException")) {
      if (!before[index]!.includes(listener)) process.off(event, listener);
    }
  });
  return settings as unknown as WasmModule;
}
