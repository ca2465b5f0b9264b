import { homedir } from "node:os";
import { join } from "node:path";

/** Keras' own cache, shared with it: the directory that KERAS_HOME names, else `~/.keras`. */
export function kerasHome(): string {
  return process.env.KERAS_HOME ?? join(homedir(), ".keras");
}
