import { createRequire } from "node:module";
import { extname, join } from "node:path";
import util from "node:util";
import type { KernelBackend } from "@tensorflow/tfjs";
import { packageRoot } from "../package.ts";
import type { Binding } from "./binding.ts";

/** The part of @tensorflow/tfjs-node-gpu that is JavaScript: the backend class. */
interface TfjsNode {
  NodeJSKernelBackend: new (binding: Binding, packageName: string) => KernelBackend;
}

/**
 * Makes tfjs-node's backend on top of a binding, and registers its kernels. Nothing else here knows that package: its installer
 * would download a library that is too old, so it is no dependency of the published package, which carries the JavaScript
 * bundled (scripts/bundleTfjsNode.mjs).
 */
export function newTfjsNodeBackend(binding: Binding): KernelBackend {
  // Node 23 took these two away, and Node 22 warns about them (tensorflow/tfjs#8609).
  Object.assign(util, {
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
    isArray: Array.isArray,
  });
  const { NodeJSKernelBackend } = loadTfjsNode();
  // The name tells the kernels whether dilated 3D convolutions exist.
  const packageName = binding.isUsingGpuDevice() ? "@tensorflow/tfjs-node-gpu" : "@tensorflow/tfjs-node";
  return new NodeJSKernelBackend(binding, packageName);
}

function loadTfjsNode(): TfjsNode {
  const require = createRequire(import.meta.url);
  if (extname(import.meta.url) === ".js")
    return require(join(packageRoot, "dist/tensorflow/tfjsNodeBundle.cjs")) as TfjsNode;
  require("@tensorflow/tfjs-node-gpu/dist/register_all_kernels");
  return require("@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend") as TfjsNode;
}
