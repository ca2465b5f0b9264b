import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runToEnd } from "../support/processes.ts";
import { root } from "../support/paths.ts";

describe("the packed package", function () {
  this.timeout(300_000);
  const directory = mkdtempSync(join(tmpdir(), "convoscope-package-"));
  let tarball: string;

  before(async () => {
    const { code, stderr } = await runToEnd("npm", ["pack", "--pack-destination", directory], { cwd: root });
    assert.equal(code, 0, stderr);
    tarball = join(directory, readdirSync(directory).find((name) => name.endsWith(".tgz")) ?? "");
  });
  after(() => rmSync(directory, { recursive: true, force: true }));

  for (const ignoreScripts of [true, false]) {
    describe(`installed with ignore-scripts=${ignoreScripts}`, () => {
      const home = join(directory, `scripts-${!ignoreScripts}`);
      const node = (code: string, mode: string): ReturnType<typeof runToEnd> =>
        runToEnd(process.execPath, [`--input-type=${mode}`, "-e", code], { cwd: home });

      before(async () => {
        mkdirSync(home);
        writeFileSync(join(home, "package.json"), '{"private": true}');
        const flags = [`--ignore-scripts=${ignoreScripts}`, "--no-audit", "--no-fund"];
        const { code, stderr } = await runToEnd("npm", ["install", ...flags, tarball], { cwd: home });
        assert.equal(code, 0, stderr);
      });

      it("can be imported", async () => {
        const program = 'import { tf } from "convoscope"; console.log(tf.add(1, 2).dataSync()[0])';
        const { stdout, stderr } = await node(program, "module");
        assert.equal(stdout.trim(), "3", stderr);
      });

      it("can be required", async () => {
        const { stdout, stderr } = await node(
          'const { tf } = require("convoscope"); console.log(tf.add(1, 2).dataSync()[0])',
          "commonjs",
        );
        assert.equal(stdout.trim(), "3", stderr);
      });

      it("brings the command, the kernel and the small data", async () => {
        writeFileSync(join(home, "tiny.ipynb"), notebook);
        const { code, stderr } = await runToEnd("npx", ["--no-install", "convoscope", "run", "tiny.ipynb"], {
          cwd: home,
        });
        assert.equal(code, 0, stderr);
        assert.deepEqual(readdirSync(join(home, "out")).sort(), ["tiny.html", "tiny.ipynb"]);
      });
    });
  }
});

const notebook = JSON.stringify({
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {
    kernelspec: { name: "convoscope", display_name: "TypeScript (Convoscope)", language: "typescript" },
  },
  cells: [
    {
      id: "only",
      cell_type: "code",
      execution_count: null,
      metadata: {},
      outputs: [],
      source: 'import { datasets } from "convoscope";\n(await datasets.shapes()).classNames',
    },
  ],
});
