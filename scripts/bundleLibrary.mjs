// Writes dist/index.js: the library in one file, because Node takes longer to find and to link hundreds of modules than to run them.
// TensorFlow.js stays the one copy that everybody in the process shares, but is got by `require`: an `import` would read its seven
// megabytes once more to find out what they export.
import { readFile } from "node:fs/promises";
import { build } from "esbuild";

const required = /^import (?:\* as (\w+)|(\{[\w, ]+\})) from ("@tensorflow\/[^"]+");$/gm;

const tensorflowByRequire = {
  name: "TensorFlow.js by require",
  setup(bundle) {
    bundle.onLoad({ filter: /\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replace(
        required,
        (_, namespace, names, module) => `const ${namespace ?? names} = requireOnce(${module});`,
      ),
    }));
  },
};

/** Bundles it from what the compiler has written to `dist`. */
export async function bundleLibrary() {
  await build({
    entryPoints: ["dist/index.js"],
    outfile: "dist/index.js",
    allowOverwrite: true,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    plugins: [tensorflowByRequire],
    banner: {
      js: 'import { createRequire as newRequire } from "node:module"; const requireOnce = newRequire(import.meta.url);',
    },
    sourcemap: true,
    logLevel: "warning",
  });
}
