import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { findProgram } from "../jupyter/environments.ts";
import { findKernelspec, missingFile } from "../jupyter/kernelspecs.ts";
import { kernelName } from "../kernelCommand.ts";
import type { Finding } from "./finding.ts";
import { pythonPackages } from "./pythonPackages.ts";

/** Python, JupyterLab, the widget extensions and the kernelspec. `mend` is the command that sets everything up. */
export function jupyterFindings({
  mend,
  env = process.env,
}: {
  mend: string;
  env?: NodeJS.ProcessEnv;
}): Finding[] {
  const lab = findProgram("jupyter-lab", { env });
  const python = findProgram("python", { env }) ?? findProgram("python3", { env });
  const environment = lab === undefined ? undefined : dirname(dirname(lab));
  const packages = environment === undefined ? new Map<string, string>() : pythonPackages(environment);
  const finding = (name: string, found: string | undefined, missing: string, fix = mend): Finding => ({
    ...{ name, ok: found !== undefined, essential: false, found: found ?? missing },
    ...(found === undefined && { fix }),
  });
  const extension = (name: string, path: string): Finding => {
    const isThere =
      environment !== undefined && existsSync(join(environment, "share/jupyter/labextensions", path));
    return finding(
      name,
      isThere ? (packages.get(name) ?? "of unknown version") : undefined,
      "not in JupyterLab's environment",
    );
  };
  return [
    finding("Python", python, "none"),
    finding("JupyterLab", lab && `${packages.get("jupyterlab") ?? "of unknown version"} (${lab})`, "none"),
    extension("ipywidgets", "@jupyter-widgets/jupyterlab-manager"),
    extension("anywidget", "anywidget"),
    kernelspecFinding(environment, env),
  ];
}

/** Without the kernelspec JupyterLab cannot start the kernel; headless runs need none. */
function kernelspecFinding(environment: string | undefined, env: NodeJS.ProcessEnv): Finding {
  const essential = environment !== undefined;
  const fix = "convoscope install";
  const spec = findKernelspec(kernelName, { environment, env });
  if (spec === undefined) return { name: "kernelspec", ok: false, essential, found: "none", fix };
  const missing = missingFile(spec);
  if (missing === undefined) return { name: "kernelspec", ok: true, essential, found: spec.directory };
  return {
    name: "kernelspec",
    ok: false,
    essential,
    found: `${spec.directory} starts ${missing}, which is not there`,
    fix,
  };
}
