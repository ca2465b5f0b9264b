import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { packageRoot } from "../../package.ts";

const isWindows = process.platform === "win32";

/** Where a Python environment keeps a program. */
function programIn(environment: string, name: string): string {
  return isWindows ? join(environment, "Scripts", `${name}.exe`) : join(environment, "bin", name);
}

/** Python environments that could be meant: the active one, then the one that the set-up makes. */
function candidates(env: NodeJS.ProcessEnv): string[] {
  return [env.VIRTUAL_ENV, env.CONDA_PREFIX, join(packageRoot, ".venv")].filter(
    (path) => path !== undefined && path !== "",
  ) as string[];
}

/** The Python environment in use: the active one, else that of the set-up. */
export function existingEnvironment({ env = process.env } = {}): string | undefined {
  return candidates(env).find((path) => existsSync(path));
}

/** A program of Jupyter or Python: from the set-up's environment, the active one, or the PATH. */
export function findProgram(name: string, { env = process.env } = {}): string | undefined {
  const active = candidates(env);
  const paths = [
    ...[...active.slice(-1), ...active.slice(0, -1)].map((environment) => programIn(environment, name)),
    ...(env.PATH ?? "")
      .split(delimiter)
      .map((directory) => join(directory, isWindows ? `${name}.exe` : name)),
  ];
  return paths.find((path) => existsSync(path));
}
