import * as tf from "@tensorflow/tfjs";
import { newBinding } from "./binding.ts";
import { openContext } from "./context.ts";
import { findLibrary } from "./findLibrary.ts";
import { newTfjsNodeBackend } from "./tfjsNode.ts";

export function registerBackends(): void {
  const found = findLibrary();
  if (found.path === undefined) return;
  const { path } = found;
  tf.registerBackend("tensorflow", () => newTfjsNodeBackend(newBinding(openContext(path))), 3);
}
