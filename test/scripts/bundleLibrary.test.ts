import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as source from "../../src/index.ts";
import { need } from "../support/needs.ts";
import { root } from "../support/paths.ts";
import { runToEnd } from "../support/processes.ts";

const library = join(root, "dist/index.js");

describe("bundleLibrary", function () {
  this.timeout(60_000);

  before(function () {
    need(this, existsSync(library) ? library : undefined, "no dist/index.js: run npm run build");
  });

  /** What a program prints that is run beside the library. */
  async function printed(program: string, mode = "module"): Promise<string> {
    const flags = [`--input-type=${mode}`, "-e", program];
    const { stdout, stderr } = await runToEnd(process.execPath, flags, { cwd: root });
    assert.notEqual(stdout, "", stderr);
    return stdout.trim();
  }

  it("puts the whole library in one file", () => {
    const imported = readFileSync(library, "utf8").match(/^(?:import|export) .*from "\..*$/gm) ?? [];
    assert.deepEqual(imported, []);
  });

  it("exports what the sources export", async () => {
    const program = 'import * as all from "convoscope"; console.log(Object.keys(all).sort().join())';
    assert.equal(await printed(program), Object.keys(source).sort().join());
  });

  for (const [order, first, second] of [
    ["before", "@tensorflow/tfjs", "convoscope"],
    ["after", "convoscope", "@tensorflow/tfjs"],
  ] as const) {
    it(`shares TensorFlow.js with whoever imports it ${order} the library`, async () => {
      const program = `
        const modules = { ${JSON.stringify(first)}: await import(${JSON.stringify(first)}) };
        modules[${JSON.stringify(second)}] = await import(${JSON.stringify(second)});
        const [theirs, { tf, optimizers }] = [modules["@tensorflow/tfjs"], modules.convoscope];
        const { Tensor } = await import("@tensorflow/tfjs-core");
        console.log(tf.engine() === theirs.engine(), tf.scalar(1) instanceof Tensor, theirs.sequential() instanceof tf.Sequential,
          optimizers.adam() instanceof theirs.Optimizer, theirs.getBackend() === tf.getBackend());`;
      assert.equal(await printed(program), "true true true true true");
    });
  }

  it("keeps what a module does when it is loaded: layers of Keras' are known when a model is read", async () => {
    const program = `
      import { layers, tf } from "convoscope";
      const model = tf.sequential({ layers: [layers.rescaling({ scale: 2, inputShape: [1] })] });
      model.add(tf.layers.dense({ units: 1, activation: "gelu" }));
      console.log(model.predict(tf.ones([1, 1])).shape.join());`;
    assert.equal(await printed(program), "1,1");
  });

  it("can be required", async () => {
    const program = 'const { tf } = require("convoscope"); console.log(tf.add(1, 2).dataSync()[0])';
    assert.equal(await printed(program, "commonjs"), "3");
  });
});
