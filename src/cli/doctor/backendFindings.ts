import { cudaVersion, explainGpu } from "../../tensorflow/devices/explainGpu.ts";
import type { GpuFacts } from "../../tensorflow/devices/explainGpu.ts";
import { gpuFacts } from "../../tensorflow/devices/gpuFacts.ts";
import { findLibrary } from "../../tensorflow/findLibrary.ts";
import type { Finding } from "./finding.ts";

/** TensorFlow's library, and what runs the tensors in the end. `mend` is the command that sets everything up. */
export async function backendFindings({ mend }: { mend: string }): Promise<Finding[]> {
  const library = findLibrary();
  return [
    library.path === undefined
      ? {
          name: "TensorFlow",
          ok: false,
          essential: false,
          found: `no library in ${library.searched.join(", ")}`,
          fix: mend,
        }
      : { name: "TensorFlow", ok: true, essential: false, found: library.path },
    ...(await deviceFindings(library.path, mend)),
  ];
}

/** The GPU, and what runs the tensors. */
async function deviceFindings(library: string | undefined, mend: string): Promise<Finding[]> {
  const { usesGpu, ...finding } = await backendFinding(mend);
  return [gpuFinding(gpuFacts(library), usesGpu), finding];
}

/** A GPU that is not used is worth a word; to have none is not. */
export function gpuFinding(facts: GpuFacts, used: boolean): Finding {
  const { nvidia, otherGpu } = facts;
  const described =
    nvidia === undefined
      ? otherGpu
        ? "one that is not NVIDIA's"
        : "none; the CPU computes"
      : `${nvidia.name}, compute capability ${nvidia.computeCapability.toFixed(1)}, driver for CUDA ${cudaVersion(nvidia.cuda)}`;
  const unused = used ? undefined : explainGpu(facts);
  const finding = { name: "GPU", essential: false };
  if (unused === undefined) return { ...finding, ok: true, found: described };
  return { ...finding, ok: false, found: unused.why, fix: unused.fix };
}

async function backendFinding(mend: string): Promise<Finding & { usesGpu: boolean }> {
  const name = "backend";
  try {
    // Loaded here, since it takes a while and may fail.
    await import("../../tensorflow/tf.ts");
    const { backend } = await import("../../tensorflow/backend.ts");
    const report = backend();
    return {
      name,
      ok: true,
      essential: true,
      found: firstLine(`${report.name} ${report.version} on ${report.device}: ${report.reason}`),
      usesGpu: report.device.startsWith("GPU"),
    };
  } catch (error) {
    return {
      name,
      ok: false,
      essential: true,
      found: firstLine(error instanceof Error ? error.message : String(error)),
      fix: mend,
      usesGpu: false,
    };
  }
}

function firstLine(text: string): string {
  return text.split("\n")[0] ?? "";
}
