import assert from "node:assert/strict";
import { runInThisContext } from "node:vm";

import { textOf } from "../support.ts";

describe("functions", () => {
  const cases: [source: string, text: string][] = [
    ["(function add(a, b) { return a + b })", "[Function: add(a, b)]"],
    ["x => x", "[Function: (x)]"],
    ["(a, b = 1, ...rest) => { const c = [a, b] }", "[Function: (a, b = 1, ...rest)]"],
    [
      "(async function load(url = '(a,b)', f = () => [1, 2]) {})",
      "[AsyncFunction: load(url = '(a,b)', f = …)]",
    ],
    ["({ x, y: [z] } = {}, /* , */ w) => 0", "[Function: ({ x, y: [z] } = {}, /* , */ w)]"],
    ["(function* count() {})", "[GeneratorFunction: count()]"],
    ["({ method(a) {} }).method", "[Function: method(a)]"],
    ["Object.assign(function f(a) {}, { z: 1 })", "[Function: f(a)] { z: 1 }"],
    ["parseInt", "[Function: parseInt]"],
    ["(class A extends Map { constructor(x) { super() } })", "[class A extends Map]"],
  ];
  for (const [source, text] of cases) {
    it(`are shown with their parameters: ${text}`, async () => {
      assert.equal(await textOf(runInThisContext(source)), text);
    });
  }
});
