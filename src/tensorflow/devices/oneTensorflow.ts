import { existsSync, readFileSync, realpathSync } from "node:fs";
import { basename, dirname } from "node:path";
import { InputError } from "../../errors.ts";

const maps = "/proc/self/maps";
const tensorflowLibrary = /libtensorflow(?:_cc|_framework)?(?:\.\d+)*\.(?:so|dylib)(?:\.\d+)*$/;
const addonOfTfjsNode = "tfjs_binding.node";

/**
 * Refuses to load TensorFlow where another one is loaded: the two would call each other's functions and end the process. From here on
 * tfjs-node's addon is refused in the same way.
 *
 * @param path the library that is about to be loaded
 * @throws InputError when the process has another TensorFlow
 */
export function oneTensorflow(path: string): void {
  const other = otherTensorflow(path, loadedLibraries());
  if (other !== undefined) throw second(other);
  refuseAddon(path);
}

/** The first of `libraries` that belongs to another TensorFlow than the one at `path`. */
export function otherTensorflow(path: string, libraries: Iterable<string>): string | undefined {
  const home = dirname(existsSync(path) ? realpathSync(path) : path);
  for (const library of libraries) {
    if (tensorflowLibrary.test(library) && dirname(library) !== home) return library;
  }
  return undefined;
}

/** The files that this process has mapped; none where the system does not say it as Linux does. */
function loadedLibraries(): Set<string> {
  if (!existsSync(maps)) return new Set();
  const lines = readFileSync(maps, "utf8").split("\n");
  return new Set(lines.map((line) => line.slice(line.indexOf("/"))).filter((file) => file.startsWith("/")));
}

function second(other: string): InputError {
  return new InputError({
    who: "TensorFlow",
    expected: "one TensorFlow in a process",
    found: `${other} beside it`,
    fix: "take tf from convoscope, which runs on TensorFlow already, and do not import @tensorflow/tfjs-node",
  });
}

let refusing = false;

function refuseAddon(path: string): void {
  if (refusing) return;
  refusing = true;
  const dlopen = process.dlopen.bind(process);
  process.dlopen = (module: object, filename: string, flags?: number): void => {
    if (basename(filename) === addonOfTfjsNode) throw second(`${filename}, while ${path} is loaded,`);
    if (flags === undefined) dlopen(module, filename);
    else dlopen(module, filename, flags);
  };
}
