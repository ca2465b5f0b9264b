import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { aliasesOf, runtimeOptionsOf } from "../../../src/kernel/language/tsconfig.ts";

describe("the tsconfig.json of a directory", () => {
  let directory: string;

  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "tsconfig-"))));
  afterEach(() => rmSync(directory, { recursive: true }));

  const write = (file: string, text: string): void => writeFileSync(join(directory, file), text);

  it("may be missing", () => {
    assert.deepEqual(runtimeOptionsOf(directory), {});
  });

  it("may have comments and trailing commas, and be empty", () => {
    write(
      "tsconfig.json",
      '\uFEFF{ // one\n "compilerOptions": { /* two */ "experimentalDecorators": true, }, }',
    );
    assert.equal(runtimeOptionsOf(directory).experimentalDecorators, true);
    write("tsconfig.json", "");
    assert.equal(runtimeOptionsOf(directory).experimentalDecorators, undefined);
  });

  it("is the nearest one above", () => {
    write("tsconfig.json", '{ "compilerOptions": { "verbatimModuleSyntax": true } }');
    mkdirSync(join(directory, "deep", "er"), { recursive: true });
    assert.equal(runtimeOptionsOf(join(directory, "deep", "er")).verbatimModuleSyntax, true);
  });

  it("extends files and packages, the last one winning, with paths relative to the file that says them", () => {
    mkdirSync(join(directory, "node_modules", "shared"), { recursive: true });
    mkdirSync(join(directory, "base"));
    write("node_modules/shared/tsconfig.json", '{ "compilerOptions": { "emitDecoratorMetadata": true } }');
    write(
      "base/one.json",
      '{ "compilerOptions": { "paths": { "a": ["x"] }, "experimentalDecorators": true } }',
    );
    write("base/two.json", '{ "compilerOptions": { "baseUrl": "lib", "experimentalDecorators": false } }');
    write("tsconfig.json", '{ "extends": ["./base/one", "./base/two.json", "shared"] }');
    const options = runtimeOptionsOf(directory);
    assert.equal(options.experimentalDecorators, false);
    assert.equal(options.emitDecoratorMetadata, true);
    assert.equal(options.baseUrl, join(directory, "base", "lib"));
    assert.deepEqual(options.paths, { a: [join(directory, "base", "x")] });
  });

  it("may extend itself without end", () => {
    write(
      "tsconfig.json",
      '{ "extends": "./tsconfig.json", "compilerOptions": { "verbatimModuleSyntax": true } }',
    );
    assert.equal(runtimeOptionsOf(directory).verbatimModuleSyntax, true);
  });

  it("says how fields are made, by itself or by its target", () => {
    const fields = (options: string): unknown => {
      write("tsconfig.json", `{ "compilerOptions": ${options} }`);
      utimesSync(join(directory, "tsconfig.json"), new Date(), new Date(Date.now() + ++changes * 1000));
      return runtimeOptionsOf(directory).useDefineForClassFields;
    };
    let changes = 0;
    assert.equal(fields("{}"), true);
    assert.equal(fields('{ "target": "ES2021" }'), false);
    assert.equal(fields('{ "target": "es5" }'), false);
    assert.equal(fields('{ "target": "esnext" }'), true);
    assert.equal(fields('{ "target": "es2017", "useDefineForClassFields": true }'), true);
  });

  it("is read again when it or what it extends has changed", () => {
    write("base.json", '{ "compilerOptions": { "verbatimModuleSyntax": false } }');
    write("tsconfig.json", '{ "extends": "./base.json" }');
    assert.equal(runtimeOptionsOf(directory).verbatimModuleSyntax, false);
    write("base.json", '{ "compilerOptions": { "verbatimModuleSyntax": true } }');
    utimesSync(join(directory, "base.json"), new Date(), new Date(Date.now() + 5000));
    assert.equal(runtimeOptionsOf(directory).verbatimModuleSyntax, true);
  });

  it("that is broken is named in one line, and so is one that it extends and that is not there", () => {
    write("tsconfig.json", '{ "compilerOptions": oops');
    assert.throws(() => runtimeOptionsOf(directory), {
      name: "InputError",
      message: /tsconfig\.json: expected JSON/,
    });
    write("tsconfig.json", '{ "extends": "./nowhere.json" }');
    assert.throws(() => runtimeOptionsOf(directory), {
      name: "InputError",
      message: /nowhere\.json, found none/,
    });
    write("tsconfig.json", '{ "extends": "no-such-package" }');
    assert.throws(() => runtimeOptionsOf(directory), {
      name: "InputError",
      message: /found "no-such-package"/,
    });
  });
});

describe("other names of modules", () => {
  const paths = { "@a/*": ["/x/*", "/y/*"], "@a/b/*": ["/z/*.ts"], exact: ["/e.ts"], "*.css": ["/css/*"] };

  it("are found by the pattern with the longest beginning, in the order of its paths", () => {
    assert.deepEqual(aliasesOf("@a/c", { paths }), ["/x/c", "/y/c"]);
    assert.deepEqual(aliasesOf("@a/b/c", { paths }), ["/z/c.ts"]);
    assert.deepEqual(aliasesOf("exact", { paths }), ["/e.ts"]);
    assert.deepEqual(aliasesOf("s.css", { paths }), ["/css/s"]);
    assert.deepEqual(aliasesOf("other", { paths }), []);
    assert.deepEqual(aliasesOf("exact/sub", { paths }), []);
  });

  it("may be relative to the base, last of all", () => {
    assert.deepEqual(aliasesOf("exact", { paths, baseUrl: "/base" }), ["/e.ts", join("/base", "exact")]);
  });
});
