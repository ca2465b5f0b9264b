import { join } from "node:path";
import { packageRoot } from "../package.ts";
import { stableNode } from "./stableNode.ts";

/** The name of the kernelspec, unless the user chooses another. */
export const kernelName = "convoscope";
export const displayName = "TypeScript (Convoscope)";
export const language = "typescript";

/** Program and arguments that start the kernel, with absolute paths that last; `{connection_file}` is filled in by who starts it. */
export function kernelCommand({ node = stableNode() } = {}): string[] {
  return [node, join(packageRoot, "dist/kernel.cjs"), "{connection_file}"];
}
