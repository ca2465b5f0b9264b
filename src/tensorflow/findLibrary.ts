import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { packageRoot } from "../package.ts";

const libraryNames = [
  "libtensorflow_cc.so.2",
  "libtensorflow_cc.2.dylib",
  "libtensorflow.so.2",
  "libtensorflow.2.dylib",
];

/** The library that was found, or every place where it was not. */
export type Found = { path: string } | { path: undefined; searched: string[] };

/** What {@link findLibrary} starts from; by default this process. */
export interface Surroundings {
  env?: NodeJS.ProcessEnv;
  /** The working directory. */
  cwd?: string;
  /** The package, whose own `.venv` comes first. */
  home?: string;
}

/**
 * Finds TensorFlow's library without starting Python. Where `CONVOSCOPE_LIBTENSORFLOW` is set, it names the only place: the
 * file, its directory, or an environment. Else these are looked through, in this order: the `.venv` of this package, the
 * `.venv` of the working directory, the active environment (`VIRTUAL_ENV`, `CONDA_PREFIX`), the packages of the first `python3` on the
 * PATH, the user's own packages.
 *
 * ```ts
 * findLibrary(); // { path: "/project/.venv/lib/python3.11/site-packages/tensorflow/libtensorflow_cc.so.2" }
 * ```
 */
export function findLibrary({
  env = process.env,
  cwd = process.cwd(),
  home = packageRoot,
}: Surroundings = {}): Found {
  const named = env.CONVOSCOPE_LIBTENSORFLOW;
  const places =
    named !== undefined && named !== ""
      ? [resolve(cwd, named)]
      : [
          join(home, ".venv"),
          join(cwd, ".venv"),
          env.VIRTUAL_ENV,
          env.CONDA_PREFIX,
          ...pythonPrefixes(env.PATH ?? ""),
          env.HOME === undefined ? undefined : join(env.HOME, ".local"),
        ];
  const searched = [...new Set(places.filter((place) => place !== undefined && place !== ""))] as string[];
  for (const place of searched) {
    const path = libraryIn(place);
    if (path !== undefined) return { path };
  }
  return { path: undefined, searched };
}

/** Where the packages of the first `python3` on the PATH may lie. */
function pythonPrefixes(path: string): string[] {
  const python = path
    .split(delimiter)
    .filter((directory) => directory !== "")
    .map((directory) => join(directory, "python3"))
    .find((file) => existsSync(file));
  if (python === undefined) return [];
  const beside = dirname(dirname(python));
  if (existsSync(join(beside, "pyvenv.cfg"))) return [beside];
  // In a virtual environment python3 is a link to another one's; elsewhere the link leads to the real place. What pip adds to the
  // system's own Python lies in /usr/local.
  const prefix = dirname(dirname(realpathSync(python)));
  return prefix === "/usr" ? [prefix, "/usr/local"] : [prefix];
}

/** The library that `place` is, holds, or holds as a Python environment. */
function libraryIn(place: string): string | undefined {
  if (!existsSync(place)) return undefined;
  if (statSync(place).isFile()) return place;
  const directories = [
    place,
    join(place, "tensorflow"),
    ...sitePackages(place).map((p) => join(p, "tensorflow")),
  ];
  return directories
    .flatMap((directory) => libraryNames.map((name) => join(directory, name)))
    .find((file) => existsSync(file));
}

function sitePackages(prefix: string): string[] {
  return ["lib", "lib64"].flatMap((folder) => {
    const library = join(prefix, folder);
    if (!existsSync(library)) return [];
    return readdirSync(library)
      .filter((name) => /^python3\.\d+$/.test(name))
      .flatMap((name) => [join(library, name, "site-packages"), join(library, name, "dist-packages")]);
  });
}
