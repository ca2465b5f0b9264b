import { backend } from "../../src/tensorflow/backend.ts";
import { findLibrary } from "../../src/tensorflow/findLibrary.ts";
import { currentRuntime, type Runtime } from "../../src/tensorflow/runtime.ts";
import { need } from "./needs.ts";

/** TensorFlow, where it is what runs the tensors; importing this registers it. */
export function needTensorflow(this: Mocha.Context): Runtime {
  const { name, reason } = backend();
  return need(this, currentRuntime(), `${name} runs the tensors, not TensorFlow: ${reason}`);
}

/** The path of TensorFlow's library, whatever runs the tensors now. */
export function needTensorflowLibrary(this: Mocha.Context): string {
  return need(this, findLibrary().path, "no library of TensorFlow: run npm run setup");
}

/** For tests that run with each backend by name: only TensorFlow may be missing. */
export function needBackend(this: Mocha.Context, name: string): void {
  if (name === "tensorflow") needTensorflowLibrary.call(this);
}
