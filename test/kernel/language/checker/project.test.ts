import assert from "node:assert/strict";
import { rmSync, utimesSync } from "node:fs";
import { join } from "node:path";

import { Session, writeFiles } from "./support.ts";

const tsconfig = (compilerOptions: object, rest: object = {}): string =>
  JSON.stringify({ compilerOptions, ...rest });

describe("types of a notebook's directory", () => {
  describe("tsconfig.json", () => {
    it("can be less strict", () => {
      const session = new Session({ "tsconfig.json": tsconfig({ strict: false }) });
      assert.deepEqual(session.errors("const n: number = null"), []);
    });
    it("can be more strict, also by what it extends", () => {
      const session = new Session({
        "base.json": tsconfig({ noUncheckedIndexedAccess: true }),
        "tsconfig.json": tsconfig({ noImplicitAny: true }, { extends: "./base.json" }),
      });
      assert.deepEqual(session.errors("const f = (x) => x; [1][0].toFixed()"), [
        "TS7006 at x",
        "TS2532 at [1][0]",
      ]);
    });
    it("names libraries and paths", () => {
      const session = new Session({
        "tsconfig.json": tsconfig({ lib: ["esnext", "dom"], paths: { "@/*": ["./lib/*"] } }),
        "lib/a.ts": "export const a = 1;",
      });
      assert.deepEqual(session.errors("import { a } from '@/a'; a.toFixed(); document.title"), []);
    });
    it("names packages of global types", () => {
      const session = new Session({
        "tsconfig.json": tsconfig({ types: ["thing"] }),
        "node_modules/@types/thing/index.d.ts": "declare const thing: number;",
      });
      assert.deepEqual(session.errors("thing.toFixed(); process.argv"), []);
    });
    it("can ask for the old decorators", () => {
      const decorated = "function d(target: object, key: string) {} class A { @d a = 1 }";
      assert.notDeepEqual(new Session().errors(decorated), []);
      const session = new Session({ "tsconfig.json": tsconfig({ experimentalDecorators: true }) });
      assert.deepEqual(session.errors(decorated), []);
    });
    it("cannot forbid what is unused, which the next cell may use", () => {
      const session = new Session({
        "tsconfig.json": tsconfig({
          noUnusedLocals: true,
          noUnusedParameters: true,
          allowUnreachableCode: false,
        }),
      });
      assert.deepEqual(
        session.errors("import fs from 'fs'; function f(a: number) { const b = 1; return 1; 2 }"),
        [],
      );
    });
    it("cannot change how cells are modules", () => {
      const options = {
        module: "commonjs",
        verbatimModuleSyntax: true,
        isolatedModules: true,
        noEmit: false,
      };
      const session = new Session({ "tsconfig.json": tsconfig(options) });
      session.run("interface I { a: number }");
      assert.deepEqual(session.errors("await 1; const i: I = { a: 1 }"), []);
    });
    it("may change", () => {
      const session = new Session();
      assert.deepEqual(session.errors("const f = (x) => x"), []);
      writeFiles(session.directory, { "tsconfig.json": tsconfig({ noImplicitAny: true }) });
      assert.deepEqual(session.errors("const f = (x) => x"), ["TS7006 at x"]);
      rmSync(join(session.directory, "tsconfig.json"));
      assert.deepEqual(session.errors("const f = (x) => x"), []);
    });
  });

  describe("imports", () => {
    it("finds local files as TypeScript and as JavaScript name them, and JSON", () => {
      const session = new Session({
        "util.ts": "export const a = 1;",
        "plain.js": "export const b = 'a';",
        "data.json": '{ "c": [1] }',
      });
      const code =
        "import { a } from './util.ts'; import { a as a2 } from './util.js'; import { a as a3 } from './util';" +
        "import { b } from './plain.js'; import data from './data.json';" +
        "a.toFixed(); a2.toFixed(); a3.toFixed(); b.toUpperCase(); data.c[0]!.toFixed()";
      assert.deepEqual(session.errors(code), []);
    });
    it("sees that a file has changed", () => {
      const session = new Session({ "util.ts": "export const a = 1;" });
      session.run("import { a } from './util.ts'");
      assert.deepEqual(session.errors("a.toFixed()"), []);
      writeFiles(session.directory, { "util.ts": "export const a = 'a';" });
      utimesSync(join(session.directory, "util.ts"), 1, 1);
      assert.deepEqual(session.errors("a.toFixed()"), ["TS2551 at toFixed"]);
    });
    it("sees a file that was not there before", () => {
      const session = new Session();
      assert.deepEqual(session.errors("import { a } from './util.ts'"), ["TS2307 at './util.ts'"]);
      writeFiles(session.directory, { "util.ts": "export const a = 1;" });
      assert.deepEqual(session.errors("a.toFixed()"), []);
      assert.deepEqual(session.errors("a.toUpperCase()"), ["TS2339 at toUpperCase"]);
    });
    it("sees a package that is installed during the session", () => {
      const session = new Session();
      assert.deepEqual(session.errors("import { a } from 'pkg'"), ["TS2307 at 'pkg'"]);
      writeFiles(session.directory, {
        "node_modules/pkg/package.json": '{ "name": "pkg", "exports": { ".": { "types": "./a.d.ts" } } }',
        "node_modules/pkg/a.d.ts": "export declare const a: number;",
      });
      assert.deepEqual(session.errors("import { a } from 'pkg'; a.toFixed()"), []);
    });
    it("takes a package without types as it is", () => {
      const session = new Session({
        "node_modules/pkg/package.json": '{ "name": "pkg", "main": "a.js" }',
        "node_modules/pkg/a.js": "module.exports = 1;",
      });
      assert.deepEqual(session.errors("import pkg from 'pkg'; pkg.anything"), []);
    });
    it("finds this package and what it depends on, wherever the notebook is", () => {
      const session = new Session();
      const code =
        "import { InputError, display } from 'convoscope'; import * as tf from '@tensorflow/tfjs';";
      assert.deepEqual(session.errors(code), []);
      assert.deepEqual(session.errors("tf.zeros([2]).dataSync().length; new InputError(1)"), ["TS2345 at 1"]);
    });
    it("says what is not there", () => {
      assert.deepEqual(new Session().errors("import a from 'not-there'; import './nor-this.ts'"), [
        "TS2307 at 'not-there'",
        "TS2882 at './nor-this.ts'",
      ]);
    });
  });
});
