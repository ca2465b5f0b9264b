import type { CudaBuild } from "./cudaBuild.ts";
import type { Nvidia } from "./nvidia.ts";

/** What there is to know of this machine's GPUs when none is used. */
export interface GpuFacts {
  /** What NVIDIA's driver says; undefined without such a driver or GPU. */
  nvidia: Nvidia | undefined;
  /** Whether there is some other GPU. */
  otherGpu: boolean;
  /** TensorFlow's wheel; undefined where TensorFlow cannot be used. */
  build: CudaBuild | undefined;
  /** Whether the optional packages for WebGPU are installed. */
  webgpu: boolean;
}

/** The oldest driver that runs CUDA 12, by the CUDA that it knows. */
const oldestCuda = 12000;

/** Why a GPU is not used, and what to do about it. */
export interface UnusedGpu {
  why: string;
  fix: string;
}

/**
 * Why a GPU that is there is not used, and what to do about it; undefined where there is none. TensorFlow reaches GPUs of NVIDIA through
 * CUDA; where TensorFlow is missing, WebGPU reaches any.
 */
export function explainGpu({ nvidia, otherGpu, build, webgpu }: GpuFacts): UnusedGpu | undefined {
  const unused = (expected: string, found: string, fix: string): UnusedGpu => ({
    why: `${nvidia?.name ?? "the GPU"} is not used: expected ${expected}, found ${found}`,
    fix,
  });
  const install = 'pip install "tensorflow[and-cuda]"';
  if (nvidia === undefined) {
    if (build !== undefined || !otherGpu) return undefined;
    const start = 'await tf.setBackend("webgpu")';
    if (webgpu) return unused("to be asked for", "no such wish", start);
    const packages = "npm install webgpu @tensorflow/tfjs-backend-webgpu";
    return unused("the packages for WebGPU", "none", `${packages}, then ${start}`);
  }
  if (build === undefined) return unused("TensorFlow", "none", install);
  if (nvidia.cuda < oldestCuda) {
    const update = "update NVIDIA's driver to version 525 or newer";
    return unused("a driver for CUDA 12", `one for CUDA ${cudaVersion(nvidia.cuda)}`, update);
  }
  if (nvidia.failure !== undefined) {
    const restart = "restart the machine, or install NVIDIA's driver again";
    return unused("a driver that starts", `CUDA's error ${String(nvidia.failure)}`, restart);
  }
  if (!build.cuda) {
    return unused("a TensorFlow with CUDA", "one for CPUs", `pip uninstall tensorflow-cpu, then ${install}`);
  }
  if (build.missing.length > 0) {
    return unused("CUDA's libraries", `no ${build.missing.join(", no ")}`, install);
  }
  const look = "start with TF_CPP_MIN_LOG_LEVEL=0 to see TensorFlow's reason";
  return unused("a GPU among TensorFlow's devices", "none", look);
}

/** "12.4" for 12040. */
export function cudaVersion(cuda: number): string {
  return `${String(Math.floor(cuda / 1000))}.${String(Math.floor((cuda % 1000) / 10))}`;
}
