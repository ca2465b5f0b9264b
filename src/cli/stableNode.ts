import { realpathSync } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * The path to start this Node.js by, for files that outlive an update: version managers and package managers put the program
 * in a directory named after its version and link to it from the PATH, and the link is what stays.
 */
export function stableNode({ path = process.env.PATH ?? "", executable = process.execPath } = {}): string {
  const name = process.platform === "win32" ? "node.exe" : "node";
  const target = realPath(executable);
  const candidates = path
    .split(delimiter)
    .filter((directory) => directory.startsWith("/") || /^[A-Za-z]:\\/.test(directory))
    .map((directory) => join(directory, name));
  return candidates.find((candidate) => realPath(candidate) === target) ?? executable;
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
