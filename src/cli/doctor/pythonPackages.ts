import { readdirSync } from "node:fs";
import { join } from "node:path";

/** The packages of a Python environment by their normalised names, with their versions, read without starting Python. */
export function pythonPackages(environment: string): Map<string, string> {
  const libraries =
    process.platform === "win32"
      ? [join(environment, "Lib")]
      : namesIn(join(environment, "lib"))
          .filter((name) => name.startsWith("python3"))
          .map((name) => join(environment, "lib", name));
  const records = libraries.flatMap((library) => namesIn(join(library, "site-packages")));
  const pairs = records.flatMap((record) => {
    const match = /^(.+)-([^-]+)\.dist-info$/.exec(record);
    return match?.[1] === undefined || match[2] === undefined
      ? []
      : [[match[1].toLowerCase().replaceAll("_", "-"), match[2]] as const];
  });
  return new Map(pairs);
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
