// Writes dist/kernel.cjs, which a kernelspec starts, and its threads dist/kernelThread.cjs and dist/checkerThread.cjs: each one file of
// CommonJS, which Node loads in half the time that it takes for modules. A kernel answers when the first two have been loaded.
import { build } from "esbuild";

/** What runs cells is loaded later, by the module loader that the cells use, too. */
const interpreterLater = {
  name: "interpreter later",
  setup(bundle) {
    bundle.onResolve({ filter: /^\.\/start\.js$/ }, () => ({ path: "./kernel/start.js", external: true }));
  },
};

/** Bundles them from what the compiler has written to `dist`. */
export async function bundleKernel() {
  await build({
    entryPoints: {
      kernel: "dist/kernel/main.js",
      kernelThread: "dist/kernel/threads/kernelThread.js",
      checkerThread: "dist/kernel/language/checker/checkerThread.js",
    },
    outdir: "dist",
    outExtension: { ".js": ".cjs" },
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    packages: "external",
    plugins: [interpreterLater],
    define: { "import.meta.url": "importMetaUrl" },
    banner: { js: 'const importMetaUrl = require("node:url").pathToFileURL(__filename).href;' },
    sourcemap: true,
    logLevel: "warning",
  });
}
