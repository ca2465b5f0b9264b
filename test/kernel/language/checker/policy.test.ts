import assert from "node:assert/strict";

import { InputError } from "../../../../src/errors.ts";
import { policyIn, policyOf, readPolicy } from "../../../../src/kernel/language/checker/policy.ts";
import { parseCell } from "../../../../src/kernel/language/magics/parseCell.ts";
import { directoryWith } from "./support.ts";

describe("policyOf", () => {
  it("is the session's for most cells", () => {
    assert.equal(policyOf("let x = 1", "warn"), "warn");
    assert.equal(policyOf("let x = 1; // @ts-nocheck", "error"), "error");
    assert.equal(policyOf("let x = 1;\n// @ts-nocheck", "error"), "error");
    assert.equal(policyOf("", "off"), "off");
  });
  it("is off for a cell that begins with // @ts-nocheck", () => {
    assert.equal(policyOf("// @ts-nocheck\nlet x = 1", "warn"), "off");
    assert.equal(policyOf("\n/* a\n b */ // what\n//@ts-nocheck because\nlet x = 1", "error"), "off");
  });
  it("is a warning at least for a cell that begins with // @ts-check", () => {
    assert.equal(policyOf("// @ts-check\nlet x = 1", "off"), "warn");
    assert.equal(policyOf("// @ts-check\nlet x = 1", "error"), "error");
  });
});

describe("policyIn", () => {
  const read = (code: string): string | undefined => policyIn(parseCell(code).magics);

  it("is what the last %ts of a cell says", () => {
    assert.equal(read("%ts error\nlet a = 1\n%ts off"), "off");
    assert.equal(read("%ts warn"), "warn");
  });

  it("is not set by other cells, text, or unknown words", () => {
    assert.equal(read("let a = 1"), undefined);
    assert.equal(read("`\n%ts off\n`"), undefined);
    assert.equal(read("%ts loud"), undefined);
  });
});

describe("readPolicy", () => {
  const read = (text: string): string => readPolicy(directoryWith({ "package.json": text }));

  it("warns by default", () => {
    assert.equal(readPolicy(directoryWith()), "warn");
    assert.equal(read("{}"), "warn");
    assert.equal(read('{ "convoscope": {} }'), "warn");
  });
  it("reads package.json", () => {
    assert.equal(read('{ "convoscope": { "ts": "error" } }'), "error");
    assert.equal(read('{ "convoscope": { "ts": "off" } }'), "off");
  });
  it("names what it cannot use", () => {
    const message = /package\.json: expected "warn", "error" or "off" as convoscope\.ts, found "loud"$/;
    assert.throws(() => read('{ "convoscope": { "ts": "loud" } }'), message);
    assert.throws(() => read("{"), InputError);
  });
});
