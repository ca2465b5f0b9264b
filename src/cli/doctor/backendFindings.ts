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
    await backendFinding(mend),
  ];
}

async function backendFinding(mend: string): Promise<Finding> {
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
    };
  } catch (error) {
    return {
      name,
      ok: false,
      essential: true,
      found: firstLine(error instanceof Error ? error.message : String(error)),
      fix: mend,
    };
  }
}

function firstLine(text: string): string {
  return text.split("\n")[0] ?? "";
}
