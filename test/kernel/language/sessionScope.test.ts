import assert from "node:assert/strict";

import { SessionScope } from "../../../src/kernel/language/sessionScope.ts";
import { PlainSession } from "./support.ts";

describe("names that every cell has", () => {
  let reads: number;
  let session: PlainSession;

  beforeEach(() => {
    reads = 0;
    const builtins = {
      prompt: () => "asked",
      get lazy() {
        return ++reads;
      },
    };
    session = new PlainSession(new SessionScope(builtins));
  });

  it("are there without import, also where Node has a global of the name, and are read when they are used", () => {
    assert.equal(session.run("prompt()"), "asked");
    assert.equal(reads, 0);
    assert.equal(session.run("lazy + lazy"), 3);
  });

  it("are seen by no library", () => {
    assert.equal(session.run("'lazy' in globalThis"), false);
  });

  it("may be declared by a cell, and assigned", () => {
    assert.equal(session.run("const lazy = 'mine'; lazy"), "mine");
    assert.equal(session.run("lazy"), "mine");
    assert.equal(session.run("prompt = 5; prompt"), 5);
    assert.equal(reads, 0);
  });

  it("are known to typeof", () => {
    assert.equal(session.run("typeof prompt + typeof missing"), "functionundefined");
  });

  it("come back when the session forgets its own", () => {
    session.run("const prompt = 1");
    session.scope.forget(session.scope.names());
    assert.equal(session.run("prompt()"), "asked");
  });
});

describe("a session that forgets", () => {
  it("knows the names no more, nor that they were constant", () => {
    const session = new PlainSession();
    session.run("const a = 1; let b = 2");
    session.scope.forget(["a"]);
    assert.deepEqual(session.scope.names(), ["b"]);
    assert.equal(session.run("typeof a"), "undefined");
    assert.equal(session.run("let a = 5; a = 6"), 6);
  });
});
