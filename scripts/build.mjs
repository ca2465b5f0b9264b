// Compiles src to dist and bundles into it the library, what starts a kernel, and the JavaScript half of @tensorflow/tfjs-node-gpu.
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import { bundleKernel } from "./bundleKernel.mjs";
import { bundleLibrary } from "./bundleLibrary.mjs";
import { bundleTfjsNode } from "./bundleTfjsNode.mjs";

rmSync("dist", { recursive: true, force: true });
// By its path: another package's compiler may have taken the name `tsc` in node_modules/.bin.
const compiler = createRequire(import.meta.url).resolve("typescript/lib/tsc.js");
const { status } = spawnSync(process.execPath, [compiler, "-p", "tsconfig.build.json"], { stdio: "inherit" });
if (status !== 0) process.exit(status ?? 1);
await Promise.all([bundleTfjsNode(), bundleKernel(), bundleLibrary()]);
