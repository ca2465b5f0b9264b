import assert from "node:assert/strict";

import { describeLive } from "../../../src/kernel/language/describeLive.ts";
import { liveMembers } from "../../../src/kernel/language/liveMembers.ts";
import { PlainSession } from "./support.ts";

describe("the members of a value", () => {
  const session = new PlainSession();
  const members = (expression: string): string[] =>
    liveMembers(session.scope, expression).map(({ name }) => name);
  const member = (expression: string, name: string): unknown =>
    liveMembers(session.scope, expression).find((each) => each.name === name);

  before(() => {
    session.run(`
      let ran = 0;
      class Point { x = 1; y = { deep: [{ end: true }] }; #hidden = 2;
        add(other, { scale = 1 } = {}) { return other }
        get length() { ran++; return 3 } }
      class Point3 extends Point { z = 3; static origin = 0 }
      let p: any = new Point3();
      const trap = new Proxy({ a: 1 }, { get() { ran++ }, ownKeys() { ran++; return [] }, getPrototypeOf() { ran++; return null } });
      const odd = { "not a name": 1, "good": 2, trap, Point, arrow: async (a, b) => a, list: [1, 2], nothing: null };
      const text = "abc";
    `);
  });

  it("are its own and the inherited ones, without those that every object has", () => {
    assert.deepEqual(members("p"), ["x", "y", "z", "add", "length"]);
    assert.ok(members("text").includes("toUpperCase"));
    assert.ok(members("odd.list").includes("map"));
  });

  it("are those of Node's own objects, too", () => {
    process.env.CONVOSCOPE_TEST = "1";
    assert.ok(members("process.env").includes("CONVOSCOPE_TEST"));
    delete process.env.CONVOSCOPE_TEST;
  });

  it("have types in JupyterLab's words, with signatures", () => {
    assert.deepEqual(member("p", "add"), {
      name: "add",
      type: "function",
      signature: "function add(other, { scale = 1 } = {})",
    });
    assert.deepEqual(member("p", "x"), { name: "x", type: "property", signature: "number" });
    assert.deepEqual(member("odd", "Point"), { name: "Point", type: "class", signature: "class Point" });
    assert.deepEqual(member("odd", "arrow"), {
      name: "arrow",
      type: "function",
      signature: "function arrow(a, b)",
    });
    assert.deepEqual(member("odd", "list"), { name: "list", type: "instance", signature: "Array(2)" });
    assert.deepEqual(member("p", "length"), { name: "length", type: "property", signature: "" });
  });

  it("are found behind dots, numbers and strings in brackets", () => {
    assert.deepEqual(members("p.y.deep[0]"), ["end"]);
    assert.deepEqual(members('p["y"] . deep[ 0 ]'), ["end"]);
    assert.ok(members("Point3").includes("origin"));
    assert.ok(members("Math").includes("sqrt"));
  });

  it("leave out what is no name", () => {
    assert.deepEqual(members("odd").slice(0, 2), ["good", "trap"]);
  });

  it("are none of what only running code would tell, and nothing runs", () => {
    for (const expression of [
      "p.length",
      "trap",
      "odd.trap.a",
      "p.add()",
      "p.x + 1",
      "nowhere",
      "odd.nothing",
      "p.",
      "",
    ])
      assert.deepEqual(members(expression), [], expression);
    assert.equal(session.run("ran"), 0);
  });
});

describe("a value in a line", () => {
  const session = new PlainSession();
  const live = (expression: string): unknown => describeLive(session.scope, expression);

  it("has its type, its size or shape, and a short text", () => {
    session.run(`
      const list = Array.from({ length: 1000 }, (_, i) => i), bytes = new Float32Array(3), map = new Map([[1, 2]]);
      class Tensor { shape = [2, 3]; dtype = "float32" }
      const tensor = new Tensor(), n = 1.5, nothing = null, f = (a, b) => a;
    `);
    assert.deepEqual(live("n"), { type: "number", text: "1.5" });
    assert.deepEqual(live("nothing"), { type: "null", text: "null" });
    assert.deepEqual(live("bytes"), { type: "Float32Array(3)", text: "Float32Array(3) [ 0, 0, 0 ]" });
    assert.deepEqual(live("map"), { type: "Map(1)", text: "Map(1) { 1 => 2 }" });
    assert.deepEqual(live("f"), { type: "function f(a, b)", text: "" });
    assert.deepEqual(live("Tensor"), { type: "class Tensor", text: "" });
    assert.deepEqual(live("tensor"), {
      type: "Tensor float32 [2,3]",
      text: "Tensor { shape: [ 2, 3 ], dtype: 'float32' }",
    });
    assert.deepEqual(live("list"), {
      type: "Array(1000)",
      text: "[ 0, 1, 2, 3, 4, 5, 6, 7, ... 992 more items ]",
    });
    assert.equal(live("missing"), undefined);
  });
});
