import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { userDataDirectory } from "../../jupyter/userDataDirectory.ts";
import { dataDirectoryOf } from "../kernelspec/jupyterPaths.ts";

/** A kernelspec as it lies on the disk. */
export interface InstalledKernelspec {
  directory: string;
  displayName: string;
  argv: string[];
}

/** The kernelspec of this name in the first directory of Jupyter's search path that has one; `environment` is that of Jupyter. */
export function findKernelspec(
  name: string,
  { environment, env = process.env }: { environment?: string | undefined; env?: NodeJS.ProcessEnv } = {},
): InstalledKernelspec | undefined {
  const data = [
    ...(env.JUPYTER_PATH ?? "").split(delimiter).filter((path) => path !== ""),
    userDataDirectory({ env }),
    ...(environment === undefined ? [] : [dataDirectoryOf(environment)]),
    ...(process.platform === "win32" ? [] : ["/usr/local/share/jupyter", "/usr/share/jupyter"]),
  ];
  return data
    .map((directory) => readKernelspec(join(directory, "kernels", name)))
    .find((spec) => spec !== undefined);
}

/** The kernelspec in a directory; undefined if there is none that can be read. */
export function readKernelspec(directory: string): InstalledKernelspec | undefined {
  try {
    const spec = JSON.parse(readFileSync(join(directory, "kernel.json"), "utf8")) as Record<string, unknown>;
    const argv = Array.isArray(spec.argv) ? spec.argv.map(String) : [];
    return { directory, displayName: String(spec.display_name), argv };
  } catch {
    return undefined;
  }
}

/** The first file that a kernelspec names and that is not there: an old Node.js, a package that was moved. */
export function missingFile({ argv }: InstalledKernelspec): string | undefined {
  return argv
    .filter((word) => word.startsWith("/") || /^[A-Za-z]:\\/.test(word))
    .find((path) => !existsSync(path));
}
