import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import koffi from "koffi";

/** What TensorFlow's wheel brings for CUDA. */
export interface CudaBuild {
  /** Whether the library was built with CUDA; the wheel `tensorflow-cpu` was not. */
  cuda: boolean;
  /** Libraries of CUDA 12 that it needs and that are neither beside it nor in the system's path. */
  missing: string[];
}

/** What TensorFlow 2.16 and later load when they look for GPUs. */
const needed = [
  "libcudart.so.12",
  "libcublas.so.12",
  "libcufft.so.11",
  "libcusolver.so.11",
  "libcusparse.so.12",
  "libcudnn.so.9",
];

/** Looks at the wheel in which the library lies, and for the libraries that `tensorflow[and-cuda]` brings. */
export function cudaBuild(libraryPath: string): CudaBuild {
  const directory = dirname(libraryPath);
  const notes = join(directory, "python/platform/build_info.py");
  const cuda = existsSync(notes) && readFileSync(notes, "utf8").includes("'is_cuda_build', True");
  if (!cuda || process.platform !== "linux") return { cuda, missing: [] };
  const beside = new Set(librariesIn(join(directory, "../nvidia")));
  return { cuda, missing: needed.filter((name) => !beside.has(name) && !canBeLoaded(name)) };
}

/** The files of `nvidia/cudnn/lib`, `nvidia/cublas/lib` and so on. */
function librariesIn(nvidia: string): string[] {
  if (!existsSync(nvidia)) return [];
  return readdirSync(nvidia).flatMap((part) => {
    const directory = join(nvidia, part, "lib");
    return existsSync(directory) ? readdirSync(directory) : [];
  });
}

function canBeLoaded(name: string): boolean {
  try {
    koffi.load(name).unload();
    return true;
  } catch {
    return false;
  }
}
