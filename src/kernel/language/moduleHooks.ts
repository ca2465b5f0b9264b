import type { LoadHook, ResolveHook } from "node:module";
import { dirname, join } from "node:path";

import { findLocalModule, localFileOf, stripModule, versionedUrl } from "./localModule.ts";

/**
 * Hooks on Node's loader, in the loader's own thread: a module beside the notebook may import another as TypeScript writes
 * it, and gets its latest version.
 */
export const resolve: ResolveHook = (specifier, context, nextResolve) => {
  const parent = localFileOf(context.parentURL);
  // Only what a cell imported has a version; other files, the kernel's own among them, are left alone.
  if (
    parent === undefined ||
    !specifier.startsWith(".") ||
    !new URL(context.parentURL!).searchParams.has("v")
  ) {
    return nextResolve(specifier, context);
  }
  const file = findLocalModule(join(dirname(parent), specifier));
  return nextResolve(file === undefined ? specifier : versionedUrl(file), context);
};

export const load: LoadHook = (url, context, nextLoad) => {
  const file = localFileOf(url);
  if (file === undefined || !/\.m?ts$/.test(file)) return nextLoad(url, context);
  return { format: "module", source: stripModule(file).code, shortCircuit: true };
};
