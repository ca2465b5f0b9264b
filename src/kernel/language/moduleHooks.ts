import type { InitializeHook, LoadHook, ResolveHook } from "node:module";
import { dirname, join } from "node:path";

import { findAlias, findLocalModule, localFileOf, stripModule, versionedUrl } from "./localModule.ts";
import { runtimeOptionsOf } from "./tsconfig.ts";

/** What the main thread tells these hooks. */
export interface HookData {
  /** See {@link ModuleImporter}. */
  overrides: Record<string, string>;
}

let overrides: Record<string, string> = {};

export const initialize: InitializeHook<HookData> = (data) => {
  overrides = data.overrides;
};

/**
 * Hooks on Node's loader, in the loader's own thread: a module beside the notebook may import another as TypeScript writes
 * it, and gets its latest version.
 */
export const resolve: ResolveHook = (specifier, context, nextResolve) => {
  const parent = localFileOf(context.parentURL);
  // Only what a cell imported has a version; other files, the kernel's own among them, are left alone.
  if (parent === undefined || !new URL(context.parentURL!).searchParams.has("v"))
    return nextResolve(specifier, context);
  if (Object.hasOwn(overrides, specifier)) return nextResolve(overrides[specifier]!, context);
  const directory = dirname(parent);
  const file = specifier.startsWith(".")
    ? findLocalModule(join(directory, specifier))
    : findAlias(specifier, runtimeOptionsOf(directory));
  if (file === undefined) return nextResolve(specifier, context);
  // TypeScript imports JSON without saying that it is.
  if (file.endsWith(".json"))
    return { url: versionedUrl(file), importAttributes: { type: "json" }, shortCircuit: true };
  return nextResolve(versionedUrl(file), context);
};

export const load: LoadHook = (url, context, nextLoad) => {
  const file = localFileOf(url);
  if (file === undefined || !/\.m?ts$/.test(file)) return nextLoad(url, context);
  return { format: "module", source: stripModule(file).code, shortCircuit: true };
};
