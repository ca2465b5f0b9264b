// Runs the spec files that @tensorflow/tfjs-core ships against the backend of src/tensorflow, in a process of its own: they change
// global state at will. Writes one line of JSON: how many passed, and each failure with its message.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as esbuild from "esbuild";
import Jasmine from "jasmine";
import { tf } from "../../../src/tensorflow/tf.ts";

export interface SpecResults {
  passed: number;
  pending: number;
  failures: { name: string; message: string }[];
}

const stubs = {
  environment: `import { setTestEnvs } from "@tensorflow/tfjs-core/dist/jasmine_util";
    setTestEnvs([{ name: "tensorflow", backendName: "tensorflow", flags: {}, isDataSync: true }]);`,
  "jasmine-core": "exports.core = () => ({});",
};

/** The specs import the modules of tfjs-core one by one, as an ES module tree that Node cannot load as it is. */
async function bundleSpecs(outfile: string): Promise<void> {
  await esbuild.build({
    stdin: {
      // Two modules, so that the environment is set before the first spec is defined.
      contents: `import "environment"; import "@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops";
        import "@tensorflow/tfjs-core/dist/register_all_gradients"; import "@tensorflow/tfjs-core/dist/tests";`,
      resolveDir: import.meta.dirname,
    },
    plugins: [
      {
        name: "environment",
        setup(build) {
          build.onResolve({ filter: /^environment$/ }, () => ({ path: "environment", namespace: "specs" }));
          // They take a file of jasmine that today's does not show, to set a time limit there.
          build.onResolve({ filter: /^jasmine-core\// }, () => ({
            path: "jasmine-core",
            namespace: "specs",
          }));
          build.onLoad({ filter: /.*/, namespace: "specs" }, ({ path }) => ({
            contents: stubs[path as keyof typeof stubs],
            resolveDir: import.meta.dirname,
          }));
        },
      },
    ],
    bundle: true,
    platform: "node",
    mainFields: ["module", "main"],
    // The package says that its specs have no side effects.
    ignoreAnnotations: true,
    outfile,
    logLevel: "error",
  });
}

async function runSpecs(file: string): Promise<SpecResults> {
  const results: SpecResults = { passed: 0, pending: 0, failures: [] };
  const runner = new Jasmine();
  runner.exitOnCompletion = false;
  runner.clearReporters();
  runner.addReporter({
    specDone({ status, fullName, failedExpectations }) {
      if (status === "passed") results.passed++;
      else if (status === "failed") {
        const message = failedExpectations
          .map((expectation) => expectation.message.split("\n")[0])
          .join("; ");
        results.failures.push({ name: fullName, message });
      } else results.pending++;
    },
  });
  await runner.loadConfig({ spec_files: [file], env: { random: false, forbidDuplicateNames: false } });
  await runner.execute();
  return results;
}

const directory = mkdtempSync(join(tmpdir(), "tfjs-specs-"));
try {
  const file = join(directory, "specs.cjs");
  await bundleSpecs(file);
  // Old specs warn a lot; what they find is in the results.
  const silent = (): void => undefined;
  Object.assign(console, { log: silent, warn: silent, error: silent });
  tf.backend();
  const results = await runSpecs(file);
  process.stdout.write(`${JSON.stringify(results)}\n`);
} finally {
  rmSync(directory, { recursive: true });
}
