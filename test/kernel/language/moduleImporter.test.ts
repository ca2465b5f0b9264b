import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

import { ModuleImporter } from "../../../src/kernel/language/moduleImporter.ts";

describe("imports beside the notebook", () => {
  let directory: string;
  let importer: ModuleImporter;
  let changes = 0;

  before(() => {
    directory = mkdtempSync(join(tmpdir(), "importer-"));
    write("shim.mjs", "export const who = 'shim';");
    const shim = pathToFileURL(join(directory, "shim.mjs")).href;
    importer = new ModuleImporter(directory, { overrides: { tslab: shim } });
  });
  after(() => rmSync(directory, { recursive: true }));

  /** Writes a file, each time with a later change. */
  function write(file: string, text: string): void {
    const path = join(directory, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    utimesSync(path, new Date(), new Date(Date.now() + ++changes * 1000));
  }
  const load = async (specifier: string): Promise<Record<string, unknown>> =>
    (await importer.import(specifier)) as Record<string, unknown>;

  it("give TypeScript, with or without its extension", async () => {
    write("plain.ts", "export enum E { A = 1 } export const e: number = E.A;");
    for (const specifier of ["./plain.ts", "./plain", "./plain.js"])
      assert.equal((await load(specifier)).e, 1);
  });

  it("give the newest text, also when only a module behind it has changed", async () => {
    write("behind.ts", "export const n = 1;");
    write("front.ts", "export * from './behind.ts'; export let loads = 1;");
    const first = await load("./front.ts");
    assert.equal(first.n, 1);
    assert.equal(await load("./front.ts"), first);
    write("behind.ts", "export const n = 2;");
    assert.equal((await load("./front.ts")).n, 2);
  });

  it("give TypeScript with decorators, accessors and using", async () => {
    write(
      "modern.ts",
      `const log: string[] = [];
       const d = (value: any, context: any) => { log.push(context.name) };
       class A { @d m() {} accessor x = 1 }
       function f() { using a = { [Symbol.dispose]() { log.push("end") } }; return new A().x }
       f();
       export { log };`,
    );
    assert.deepEqual((await load("./modern.ts")).log, ["m", "end"]);
  });

  it("give JSON, to cells and to modules", async () => {
    write("data.json", '{ "n": 7 }');
    write("reader.ts", "import data from './data.json'; export const n = data.n;");
    assert.deepEqual((await load("./data.json")).default, { n: 7 });
    assert.equal((await load("./reader.ts")).n, 7);
  });

  it("follow the paths of tsconfig.json, in cells and in modules, and see changes there too", async () => {
    write("tsconfig.json", '{ "compilerOptions": { "paths": { "@lib/*": ["./lib/*"] } } }');
    write("lib/inner.ts", "export const n = 1;");
    assert.equal((await load("@lib/inner")).n, 1);
    write("lib/outer.ts", "import { n } from '@lib/inner'; export const doubled = 2 * n;");
    assert.equal((await load("@lib/outer")).doubled, 2);
    write("lib/inner.ts", "export const n = 5;");
    assert.equal((await load("@lib/outer")).doubled, 10);
  });

  it("are found by import.meta.resolve too", async () => {
    write("beside.ts", "");
    write(
      "node_modules/both/package.json",
      '{ "exports": { "import": "./esm.mjs", "require": "./cjs.cjs" } }',
    );
    write("node_modules/both/esm.mjs", "");
    await importer.prepareMeta();
    const meta = importer.meta(join(directory, "cell.ts"));
    const resolve = (specifier: string): string => meta.resolve(specifier);
    const urlOf = (path: string): string => pathToFileURL(join(directory, path)).href;
    assert.equal(resolve("./beside"), urlOf("beside.ts"));
    assert.equal(resolve("./not-there.ts"), urlOf("not-there.ts"));
    assert.equal(resolve("both"), urlOf("node_modules/both/esm.mjs"));
    assert.equal(resolve("fs"), "node:fs");
    assert.equal(resolve("tslab"), urlOf("shim.mjs"));
    assert.match(resolve("magic-string"), /node_modules\/magic-string\//);
    assert.throws(() => resolve("no-such-package"), /no-such-package/);
  });

  it("give one module in the place of another, in cells and in modules", async () => {
    write("user.ts", "import * as tslab from 'tslab'; export const who = tslab.who;");
    assert.equal((await load("tslab")).who, "shim");
    assert.equal((await load("./user.ts")).who, "shim");
  });

  it("name the place of a mistake in a module", async () => {
    write("broken.ts", "const a = 1;\nconst b: = 2;");
    await assert.rejects(load("./broken.ts"), { name: "SyntaxError", message: /broken\.ts:2:10\)$/ });
  });

  it("require CommonJS modules of the notebook's directory", () => {
    write("node_modules/old/index.js", "module.exports = { old: true };");
    assert.deepEqual(importer.require("old"), { old: true });
  });

  it("import packages that are modules with top-level await", async () => {
    write(
      "node_modules/modern/package.json",
      '{ "name": "modern", "type": "module", "exports": "./main.js" }',
    );
    write("node_modules/modern/main.js", "export const n = await Promise.resolve(4);");
    assert.equal((await load("modern")).n, 4);
  });
});
