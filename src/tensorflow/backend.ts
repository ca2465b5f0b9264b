import { availableParallelism } from "node:os";
import * as tf from "@tensorflow/tfjs";
import type { KernelBackend } from "@tensorflow/tfjs";
import { InputError } from "../errors.ts";
import { openContext, shortName } from "./context.ts";
import type { Context } from "./context.ts";
import { backendNames, backendOrder } from "./devices/backendOrder.ts";
import type { BackendName } from "./devices/backendOrder.ts";
import { explainGpu } from "./devices/explainGpu.ts";
import { gpuFacts } from "./devices/gpuFacts.ts";
import { oneTensorflow } from "./devices/oneTensorflow.ts";
import { newWebgpuBackend } from "./devices/webgpuBackend.ts";
import { findLibrary } from "./findLibrary.ts";
import { registerGradients } from "./gradients/registerGradients.ts";
import { hostMemory } from "./hostMemory.ts";
import { freeBackwards } from "./memory/freeBackwards.ts";
import { freeCollectedTensors } from "./memory/freeCollected.ts";
import { copyAtOnce, ownValues } from "./memory/ownValues.ts";
import { registerMultinomial } from "./multinomial.ts";
import { startRuntime } from "./runtime.ts";
import { say } from "./say.ts";
import { newWasmBackend } from "./wasmBackend.ts";
import { registerWasmConvolutionGradients } from "./wasmConvolutionGradients.ts";
import { registerWasmMatMul } from "./wasmMatMul.ts";
import { registerWasmMissingKernels } from "./wasmMissingKernels.ts";

/** What runs the tensors, as {@link backend} reports it. */
export interface BackendReport {
  name: string;
  /** Such as "CPU:0" or "GPU:0". */
  device: string;
  /** How many threads an operation may use. */
  threads: number;
  /** TensorFlow's version, or TensorFlow.js's for the other backends. */
  version: string;
  /** Tensors that are held now, the bytes of their data, and the bytes that the device has for all: what may be taken of a GPU, or of this machine. */
  memory: { tensors: number; bytes: number; deviceBytes: number };
  /** Why this backend and no other. */
  reason: string;
  /** All of it in one line. */
  text: string;
}

/** The context, once TensorFlow is loaded. */
let context: Context | undefined;
/** What {@link setThreads} was given. */
let threadsWanted: number | undefined;
/** The backends that were started, and why each was. TensorFlow.js would start them anew after a failed tf.setBackend. */
const started = new Map<string, { backend: KernelBackend; reason: string }>();
/** Why TensorFlow is not used, once that is known. */
let refusal: string | undefined;

/**
 * Registers the backends so that TensorFlow.js starts the best one when the first tensor is made: `CONVOSCOPE_BACKEND` (tensorflow,
 * webgpu, wasm or cpu) where it is set, else in the order of {@link backendOrder}. A backend other than TensorFlow is named with its
 * reason on stderr, once, when it starts; so is a GPU that TensorFlow cannot use.
 *
 * @throws InputError when `CONVOSCOPE_BACKEND` names no backend, or TensorFlow where that cannot be used
 */
export function registerBackends(): void {
  const wanted = wantedBackend();
  const makeCpu = tf.findBackendFactory("cpu") as () => KernelBackend & { firstUse: boolean };
  // It would advise to install tfjs-node when it is first used.
  const newCpuBackend = (): KernelBackend => Object.assign(makeCpu(), { firstUse: false });
  const makers: Record<BackendName, () => KernelBackend | Promise<KernelBackend>> = {
    tensorflow: newTensorflowBackend,
    webgpu: newWebgpuBackend,
    wasm: newWasmBackend,
    cpu: newCpuBackend,
  };
  // Their packages have registered two of them; here each gets its place in the order, and wasm one that need not be awaited.
  for (const name of ["wasm", "cpu"]) tf.removeBackend(name);
  const order = backendOrder(wanted);
  for (const name of backendNames) {
    // Those that are not in the order come after all that are.
    const priority = order.includes(name) ? order.length - order.indexOf(name) : 0;
    tf.registerBackend(name, () => start(name, makers[name], wanted), priority);
  }
  registerGradients();
  registerWasmConvolutionGradients();
  registerWasmMatMul();
  registerWasmMissingKernels(newCpuBackend);
  freeCollectedTensors();
  freeBackwards();
  ownValues();
  if (wanted === "tensorflow") context = loadTensorflow();
}

function wantedBackend(): BackendName | undefined {
  const wanted = process.env.CONVOSCOPE_BACKEND;
  if (wanted === undefined || wanted === "") return undefined;
  const name = backendNames.find((known) => known === wanted);
  if (name === undefined) {
    throw new InputError({
      who: "CONVOSCOPE_BACKEND",
      expected: backendNames.join(", "),
      found: `"${wanted}"`,
    });
  }
  return name;
}

function loadTensorflow(): Context {
  const found = findLibrary();
  if (found.path === undefined) {
    throw new InputError({
      who: "TensorFlow",
      expected: `its library in ${found.searched.join(", ")}`,
      found: "none",
      fix: "`pip install tensorflow` there, or name the library by CONVOSCOPE_LIBTENSORFLOW",
    });
  }
  oneTensorflow(found.path);
  return openContext(found.path, { threads: threadsWanted });
}

function newTensorflowBackend(): KernelBackend {
  context ??= loadTensorflow();
  const unused = context.device.isGpu ? undefined : explainGpu(gpuFacts(context.path));
  if (unused !== undefined) say(`${unused.why}; ${unused.fix}`);
  const made = copyAtOnce(startRuntime(context));
  registerMultinomial();
  return made;
}

function start(
  name: BackendName,
  make: () => KernelBackend | Promise<KernelBackend>,
  wanted: BackendName | undefined,
): KernelBackend | Promise<KernelBackend> {
  // TensorFlow.js names the backend before it starts it only when tf.setBackend was called.
  const asked = tf.getBackend() === name;
  const running = started.get(name);
  if (running !== undefined) return running.backend;
  const keep = (made: KernelBackend): KernelBackend => {
    const dispose = made.dispose.bind(made);
    made.dispose = () => {
      started.delete(name);
      dispose();
    };
    const reason = reasonFor(name, asked, wanted);
    started.set(name, { backend: made, reason });
    if (name !== "tensorflow" && !asked) say(`backend ${name}: ${reason}`);
    return made;
  };
  const refuse = (error: unknown): never => {
    refusal = error instanceof Error ? error.message : String(error);
    if (asked) say(refusal);
    beQuietForNow();
    throw error;
  };
  try {
    const made = make();
    return made instanceof Promise ? made.then(keep).catch(refuse) : keep(made);
  } catch (error) {
    return refuse(error);
  }
}

function reasonFor(name: BackendName, asked: boolean, wanted: BackendName | undefined): string {
  if (asked) return "tf.setBackend asked for it";
  if (name === wanted) return `CONVOSCOPE_BACKEND=${name}`;
  if (name === "tensorflow") return `found in ${context!.path}`;
  const unused = explainGpu(gpuFacts(undefined));
  return `${refusal ?? ""}${unused === undefined ? "" : `; ${unused.why}; ${unused.fix}`}`;
}

/** Keeps TensorFlow.js from printing the stack of a backend that could not start: what there is to say is said in one line. */
function beQuietForNow(): void {
  tf.env().set("PROD", true);
  setImmediate(() => {
    tf.env().set("PROD", false);
  });
}

/**
 * Sets how many threads an operation of TensorFlow may use, and how many operations run at once. With one thread two runs from the same
 * {@link setRandomSeed} are equal to the last bit; with more, sums are added up in another order each time. Default: one a core, or
 * what `TF_NUM_INTRAOP_THREADS` and `TF_NUM_INTEROP_THREADS` say.
 *
 * @param count from 1
 * @throws InputError when `count` is no such number, or TensorFlow runs with another already
 *
 * ```ts
 * setThreads(1); // before the first tensor
 * setRandomSeed(1);
 * ```
 */
export function setThreads(count: number): void {
  const who = "setThreads";
  if (!(Number.isInteger(count) && count >= 1)) {
    throw new InputError({ who, expected: "a whole number from 1", found: String(count) });
  }
  if (context !== undefined && nativeThreads() !== count) {
    throw new InputError({
      who,
      expected: "to be called before the first tensor",
      found: `TensorFlow running with ${String(nativeThreads())} threads`,
      fix: "restart, and call it first",
    });
  }
  threadsWanted = count;
}

/**
 * Says what runs the tensors and why. Starts the backend if no tensor was made before. `await tf.setBackend(name)` changes it, to
 * "tensorflow", "webgpu", "wasm" or "cpu"; tensors move along when they are next used.
 *
 * ```ts
 * backend().text; // tensorflow 2.21.0 on CPU:0, 2 threads, 0 tensors (0 bytes): found in …/.venv/…/libtensorflow_cc.so.2
 * ```
 */
export function backend(): BackendReport {
  tf.backend();
  const name = tf.getBackend();
  const native = name === "tensorflow" ? context : undefined;
  const { numTensors: tensors, numBytes: bytes } = tf.memory();
  const report = {
    name,
    device: native === undefined ? `${name === "webgpu" ? "G" : "C"}PU:0` : shortName(native.device.name),
    threads: native === undefined ? 1 : nativeThreads(),
    version: native?.version ?? tf.version.tfjs,
    memory: { tensors, bytes, deviceBytes: native?.device.bytes ?? hostMemory().all },
    reason: started.get(name)?.reason ?? "",
  };
  const { device, threads, version, reason } = report;
  const held = `${String(tensors)} tensors (${String(bytes)} bytes)`;
  return {
    ...report,
    text: `${name} ${version} on ${device}, ${counted(threads, "thread")}, ${held}: ${reason}`,
  };
}

function counted(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? "" : "s"}`;
}

function nativeThreads(): number {
  const set = threadsWanted ?? Number(process.env.TF_NUM_INTRAOP_THREADS);
  return set > 0 ? set : availableParallelism();
}
