import { InputError } from "../errors.ts";
import { byteSize } from "./byteSize.ts";
import { elementBytes } from "./dataTypes.ts";
import { hostMemory } from "./hostMemory.ts";

/** What TensorFlow says of a call that failed, and what the words around it need. */
export interface Failure {
  /** The operation or function that was called. */
  who: string;
  /** One of TensorFlow's codes (tensorflow/c/tf_status.h). */
  code: number;
  message: string;
  /** TensorFlow's version and where its library lies: "2.21.0 in /…/libtensorflow_cc.so.2". */
  library: string;
  /** For each GPU the bytes that TensorFlow may take of it, by its name: "GPU:0". */
  gpuMemory: ReadonlyMap<string, number>;
}

const codes = { notFound: 5, resourceExhausted: 8 } as const;

/**
 * The error for a call that failed. What a user can mend is said in one line with the way out: memory that is not there, an operation
 * that the library or the device does not have. All else keeps TensorFlow's own words.
 */
export function statusError(failure: Failure): Error {
  const { who, code, message } = failure;
  if (code === codes.resourceExhausted) return outOfMemory(failure);
  if (/neither a type of a primitive operation|Op type not registered/.test(message)) {
    return unknownOperation(failure);
  }
  if (/Could not find device for node|No OpKernel was registered/.test(message)) return noKernel(failure);
  return new Error(`${who}: ${message}`);
}

function outOfMemory({ who, message, gpuMemory }: Failure): InputError {
  const asked = /shape\s*\[([\d,]*)\] and type (\w+)/.exec(message);
  const device = /device:((?:CPU|GPU):\d+)/.exec(message)?.[1] ?? [...gpuMemory.keys()][0] ?? "CPU:0";
  const there = gpuMemory.get(device);
  const host = hostMemory();
  return new InputError({
    who,
    expected: `memory for ${asked === null ? "its results" : tensorOf(asked[1]!, asked[2]!)} on ${device}`,
    found:
      there === undefined
        ? `${byteSize(host.all)}, ${byteSize(host.free)} of it free`
        : `${byteSize(there)} that TensorFlow may take of it, too little of it free`,
    fix: "take smaller batches or pictures, or free tensors with tf.dispose and tf.tidy; what you have is intact",
    cause: message,
  });
}

/** "float[1000,1000] (3.8 MiB)". */
function tensorOf(dimensions: string, type: string): string {
  const size = dimensions === "" ? 1 : dimensions.split(",").reduce((product, n) => product * Number(n), 1);
  const bytes = elementBytes(type);
  return `${type}[${dimensions}]${bytes === undefined ? "" : ` (${byteSize(size * bytes)})`}`;
}

function unknownOperation({ who, message, library }: Failure): InputError {
  const operation = /'(\w+)'|registered '?(\w+)'?/.exec(message);
  return new InputError({
    who,
    expected: `a TensorFlow with the operation ${operation?.[1] ?? operation?.[2] ?? who}`,
    found: library,
    fix: "pip install --upgrade tensorflow",
    cause: message,
  });
}

function noKernel({ who, message, library }: Failure): InputError {
  const type = /\bT=DT_(\w+)/.exec(message)?.[1]?.toLowerCase();
  const operation = /\}\} = (\w+)\[|support Op '(\w+)'/.exec(message);
  return new InputError({
    who,
    expected: `a kernel of ${operation?.[1] ?? operation?.[2] ?? who}${type === undefined ? "" : ` for ${type}`} on this device`,
    found: `none in TensorFlow ${library}`,
    fix: 'cast to float32 first, or run it with tf.setBackend("cpu")',
    cause: message,
  });
}
