// Writes dist/tensorflow/tfjsNodeBundle.cjs: the JavaScript half of @tensorflow/tfjs-node-gpu, its backend class and its kernels, in one
// file. So the published package does not depend on that package, whose installer would download a TensorFlow that is too old.
import { build } from "esbuild";

const half = "@tensorflow/tfjs-node-gpu/dist";
const notice = `/*!
 * The JavaScript half of @tensorflow/tfjs-node-gpu, bundled without changes.
 * Copyright Google LLC. Licensed under the Apache License, Version 2.0: http://www.apache.org/licenses/LICENSE-2.0
 */`;

/** Its messages for TensorBoard need 600 kB of Protocol Buffers; nothing here writes for TensorBoard. */
const withoutTensorBoard = {
  name: "without TensorBoard",
  setup(bundle) {
    bundle.onResolve({ filter: /\/proto\/api_pb$/ }, () => ({ path: "api_pb", namespace: "empty" }));
    bundle.onLoad({ filter: /.*/, namespace: "empty" }, () => ({ contents: "module.exports = {};" }));
  },
};

/** Bundles it into `outfile`. */
export async function bundleTfjsNode(outfile = "dist/tensorflow/tfjsNodeBundle.cjs") {
  await build({
    stdin: {
      contents: `require("${half}/register_all_kernels"); module.exports = require("${half}/nodejs_kernel_backend");`,
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    // The one copy of TensorFlow.js that everybody shares; one kernel asks for its core by name.
    external: ["@tensorflow/tfjs"],
    alias: { "@tensorflow/tfjs-core": "@tensorflow/tfjs" },
    plugins: [withoutTensorBoard],
    banner: { js: notice },
    legalComments: "none",
    outfile,
    logLevel: "warning",
  });
}
