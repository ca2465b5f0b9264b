import { existsSync, readdirSync } from "node:fs";
import { cudaBuild } from "./cudaBuild.ts";
import type { GpuFacts } from "./explainGpu.ts";
import { findNvidia } from "./nvidia.ts";
import { webgpuInstalled } from "./webgpuBackend.ts";

/** Looks at this machine's GPUs; `libraryPath` is that of TensorFlow where it can be used. */
export function gpuFacts(libraryPath: string | undefined): GpuFacts {
  return {
    nvidia: findNvidia(),
    otherGpu: hasRenderingDevice(),
    build: libraryPath === undefined ? undefined : cudaBuild(libraryPath),
    webgpu: webgpuInstalled(),
  };
}

/** Every Mac that TensorFlow.js still runs on has a GPU; of Windows nothing is known before it is asked. */
function hasRenderingDevice(): boolean {
  if (process.platform !== "linux") return process.platform === "darwin";
  const devices = "/dev/dri";
  return existsSync(devices) && readdirSync(devices).some((name) => name.startsWith("renderD"));
}
