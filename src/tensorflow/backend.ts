import { availableParallelism } from "node:os";
import * as tf from "@tensorflow/tfjs";
import type { KernelBackend } from "@tensorflow/tfjs";
import { InputError } from "../errors.ts";
import { openContext } from "./context.ts";
import type { Context } from "./context.ts";
import { findLibrary } from "./findLibrary.ts";
import { startRuntime } from "./runtime.ts";
import { newWasmBackend } from "./wasmBackend.ts";
import { registerWasmConvolutionGradients } from "./wasmConvolutionGradients.ts";

/** From the fastest to the slowest. */
const names = ["tensorflow", "wasm", "cpu"] as const;

export type BackendName = (typeof names)[number];

/** What runs the tensors, as {@link backend} reports it. */
export interface BackendReport {
  name: string;
  /** Such as "CPU:0" or "GPU:0". */
  device: string;
  /** How many threads an operation may use. */
  threads: number;
  /** TensorFlow's version, or TensorFlow.js's for the other backends. */
  version: string;
  /** Tensors that are held now, and the bytes of their data. */
  memory: { tensors: number; bytes: number };
  /** Why this backend and no other. */
  reason: string;
  /** All of it in one line. */
  text: string;
}

/** The context, once TensorFlow is loaded. */
let context: Context | undefined;
/** The backends that were started, and why each was. TensorFlow.js would start them anew after a failed tf.setBackend. */
const started = new Map<string, { backend: KernelBackend; reason: string }>();
/** The lines that stderr has seen. */
const said = new Set<string>();
/** Why TensorFlow is not used, once that is known. */
let refusal: string | undefined;

/**
 * Registers the three backends so that TensorFlow.js starts the best one when the first tensor is made: `CONVOSCOPE_BACKEND`
 * (tensorflow, wasm or cpu) where it is set, else TensorFlow, else WebAssembly, else plain JavaScript. A backend other than TensorFlow is
 * named with its reason on stderr, once, when it starts.
 *
 * @throws InputError when `CONVOSCOPE_BACKEND` names no backend, or TensorFlow where that cannot be used
 */
export function registerBackends(): void {
  const wanted = wantedBackend();
  const makeCpu = tf.findBackendFactory("cpu") as () => KernelBackend & { firstUse: boolean };
  const makers: Record<BackendName, () => KernelBackend> = {
    tensorflow: newTensorflowBackend,
    wasm: newWasmBackend,
    // It would advise to install tfjs-node when it is first used.
    cpu: () => Object.assign(makeCpu(), { firstUse: false }),
  };
  // Their packages have registered two of them; here each gets its place in the order, and wasm one that need not be awaited.
  for (const name of ["wasm", "cpu"]) tf.removeBackend(name);
  names.forEach((name, index) => {
    const priority = name === wanted ? names.length + 1 : names.length - index;
    tf.registerBackend(name, () => start(name, makers[name], wanted), priority);
  });
  registerWasmConvolutionGradients();
  if (wanted === "tensorflow") context = loadTensorflow();
}

function wantedBackend(): BackendName | undefined {
  const wanted = process.env.CONVOSCOPE_BACKEND;
  if (wanted === undefined || wanted === "") return undefined;
  const name = names.find((known) => known === wanted);
  if (name === undefined) {
    throw new InputError({ who: "CONVOSCOPE_BACKEND", expected: names.join(", "), found: `"${wanted}"` });
  }
  return name;
}

function loadTensorflow(): Context {
  const found = findLibrary();
  if (found.path !== undefined) return openContext(found.path);
  throw new InputError({
    who: "TensorFlow",
    expected: `its library in ${found.searched.join(", ")}`,
    found: "none",
    fix: "`pip install tensorflow` there, or name the library by CONVOSCOPE_LIBTENSORFLOW",
  });
}

function newTensorflowBackend(): KernelBackend {
  context ??= loadTensorflow();
  return startRuntime(context);
}

function start(name: BackendName, make: () => KernelBackend, wanted: BackendName | undefined): KernelBackend {
  // TensorFlow.js names the backend before it starts it only when tf.setBackend was called.
  const asked = tf.getBackend() === name;
  const running = started.get(name);
  if (running !== undefined) return running.backend;
  try {
    const made = make();
    const dispose = made.dispose.bind(made);
    made.dispose = () => {
      started.delete(name);
      dispose();
    };
    const reason = reasonFor(name, asked, wanted);
    started.set(name, { backend: made, reason });
    if (name !== "tensorflow" && !asked) say(`backend ${name}: ${reason}`);
    return made;
  } catch (error) {
    refusal = error instanceof Error ? error.message : String(error);
    if (asked) say(refusal);
    beQuietForNow();
    throw error;
  }
}

function reasonFor(name: BackendName, asked: boolean, wanted: BackendName | undefined): string {
  if (asked) return "tf.setBackend asked for it";
  if (name === wanted) return `CONVOSCOPE_BACKEND=${name}`;
  return name === "tensorflow" ? `found in ${context!.path}` : (refusal ?? "");
}

function say(line: string): void {
  if (said.has(line)) return;
  said.add(line);
  process.stderr.write(`convoscope: ${line}\n`);
}

/** Keeps TensorFlow.js from printing the stack of a backend that could not start: what there is to say is said in one line. */
function beQuietForNow(): void {
  tf.env().set("PROD", true);
  queueMicrotask(() => {
    tf.env().set("PROD", false);
  });
}

/**
 * Says what runs the tensors and why. Starts the backend if no tensor was made before.
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
    device: native === undefined ? "CPU:0" : native.device.name.replace(/^.*device:/, ""),
    threads: native === undefined ? 1 : nativeThreads(),
    version: native?.version ?? tf.version.tfjs,
    memory: { tensors, bytes },
    reason: started.get(name)?.reason ?? "",
  };
  const { device, threads, version, reason } = report;
  const held = `${String(tensors)} tensors (${String(bytes)} bytes)`;
  return {
    ...report,
    text: `${name} ${version} on ${device}, ${String(threads)} threads, ${held}: ${reason}`,
  };
}

function nativeThreads(): number {
  const set = Number(process.env.TF_NUM_INTRAOP_THREADS);
  return set > 0 ? set : availableParallelism();
}
