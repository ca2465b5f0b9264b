import assert from "node:assert/strict";

import { freshInterpreter } from "./freshInterpreter.ts";

describe("imports", () => {
  const { text, failure } = freshInterpreter();

  it("bind default, named and namespace imports of Node's modules", async () => {
    assert.equal(
      await text(
        "import p, { join as j } from 'node:path'; import * as os from 'os'; [p.join === j, typeof os.cpus]",
      ),
      "[ true, 'function' ]",
    );
  });

  it("fall back to this package's own dependencies", async () => {
    assert.equal(await text("import { compile } from 'vega-lite'; typeof compile"), "'function'");
    assert.equal(await text("import seedrandom from 'seedrandom'; typeof seedrandom"), "'function'");
  });

  it("say what is missing, and where it was asked for", async () => {
    const nothing = await failure("import { join,\n  nothing } from 'node:path'");
    assert.equal(nothing.ename, "SyntaxError");
    assert.match(nothing.evalue, /^The module "node:path" has no export named "nothing"/);
    assert.ok(nothing.traceback.includes("    at Cell [1]:2:3"));
    const nowhere = await failure("import x from 'no-such-package'");
    assert.match(nowhere.evalue, /^Cannot find package "no-such-package"; install it/);
    assert.match(
      (await failure("import x from './no-such-file.ts'")).evalue,
      /^Cannot find module .*no-such-file.ts$/,
    );
  });

  it("are no types because the module is called alike", async () => {
    const { evalue } = await failure("import vega from 'vega-lite'");
    assert.match(evalue, /^The module "vega-lite" has no export named "default"/);
  });

  it("of names that are used as types only may fail", async () => {
    assert.equal(
      await text("import { join, ParsedPath } from 'node:path'; let p: ParsedPath; typeof join"),
      "'function'",
    );
  });
});
