import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import type { Checker as CheckerType } from "../../../../src/kernel/language/checker/checker.ts";
import type { Diagnostic } from "../../../../src/kernel/language/checker/diagnostic.ts";
import type { CheckedCell } from "../../../../src/kernel/language/checker/typeService.ts";
import type { LiveMember } from "../../../../src/kernel/language/liveMembers.ts";
import { root } from "../../../support/paths.ts";
import { directoryWith } from "./support.ts";

/** Threads run only what is compiled. */
const compiled = join(root, "dist/kernel/language/checker/checker.js");

describe("Checker", () => {
  let Checker: typeof CheckerType;
  let checker: CheckerType;
  before(async () => {
    ({ Checker } = (await import(pathToFileURL(compiled).href)) as { Checker: typeof CheckerType });
  });
  beforeEach(() => {
    checker = new Checker({ directory: directoryWith() });
  });
  afterEach(() => checker.close());

  const check = (cell: CheckedCell, by = checker): Promise<Diagnostic[]> => {
    by.add(cell);
    return by.diagnose(cell.id);
  };
  const names = async (code: string): Promise<string[]> =>
    (await checker.complete(code, code.length)).matches.map(({ text }) => text);

  it("checks cells, completes and tells, without being warmed up", async () => {
    assert.deepEqual(await check({ id: 1, code: "const list = [1];" }), []);
    const [diagnostic] = await check({ id: 2, code: "list.nothing" });
    assert.equal(diagnostic!.code, 2339);
    assert.deepEqual(await names("list.toS"), ["toSorted", "toSpliced", "toString"]);
    const bundle = await checker.inspect("list", 4, 0);
    assert.match(String(bundle?.data["text/plain"]), /const list: number\[\]/);
    assert.deepEqual(await checker.isComplete("f("), { status: "incomplete", indent: "  " });
  });
  it("answers many questions at once, each with the cells asked about before", async () => {
    checker.warmUp();
    const checks = [];
    for (let id = 1; id <= 20; id++) {
      checks.push(check({ id, code: `const x${id} = ${id === 1 ? 1 : `x${id - 1}`}; x${id}.wrong` }));
    }
    const completions = await Promise.all([names("x20.toFi"), names("x1.toFi")]);
    assert.deepEqual(completions, [["toFixed"], ["toFixed"]]);
    for (const found of await Promise.all(checks))
      assert.deepEqual(
        found.map(({ code }) => code),
        [2339],
      );
  });
  it("lets a completion overtake checks", async () => {
    const order: string[] = [];
    const checks = [1, 2, 3].map((id) =>
      check({ id, code: `const y${id} = [${id}].map(String);` }).then(() => order.push("check")),
    );
    const completion = names("y1.joi").then(() => order.push("completion"));
    await Promise.all([...checks, completion]);
    assert.equal(order[0], "completion");
  });
  it("forgets a cell, and all of them", async () => {
    await check({ id: 1, code: "const x = 1" });
    await check({ id: 2, code: "const x = ''" });
    checker.remove(2);
    assert.deepEqual(await names("x.toFi"), ["toFixed"]);
    checker.reset();
    assert.deepEqual(await names("x.toFi"), []);
  });
  it("asks the value itself when its type says nothing", async () => {
    await check({ id: 1, code: "let value: any" });
    const live = (expression: string): Promise<LiveMember[]> =>
      Promise.resolve([{ name: `of_${expression}`, type: "property", signature: "" }]);
    const { matches } = await checker.complete("value.o", 7, { live });
    assert.deepEqual(matches, [{ text: "of_value", type: "property", signature: "" }]);
  });
  it("answers nothing once it is closed", async () => {
    const asked = check({ id: 1, code: "const n: number = ''" });
    await checker.close();
    assert.deepEqual(await asked, []);
    assert.deepEqual(await names("con"), []);
    assert.equal(await checker.inspect("process", 1, 0), undefined);
    assert.deepEqual(await checker.isComplete("f("), { status: "unknown" });
  });
  it("goes on without a cell that takes too much memory", async () => {
    const lines: string[] = [];
    const modest = new Checker({ directory: directoryWith(), memory: 200, log: (line) => lines.push(line) });
    await check({ id: 1, code: "const list = [1]" }, modest);
    assert.deepEqual(await check({ id: 2, code: "const huge = 1;" + "f();".repeat(2_000_000) }, modest), []);
    const found = await check({ id: 3, code: "list.nothing; huge" }, modest);
    assert.deepEqual(
      found.map(({ code }) => code),
      [2339, 2304],
    );
    assert.deepEqual(lines, []);
    await modest.close();
  });
  it("says once that there is too little memory, and answers nothing from then on", async () => {
    const lines: string[] = [];
    const poor = new Checker({ directory: directoryWith(), memory: 24, log: (line) => lines.push(line) });
    assert.deepEqual(await check({ id: 1, code: "const n: number = ''" }, poor), []);
    assert.deepEqual(await check({ id: 2, code: "const n: number = ''" }, poor), []);
    assert.equal(lines.length, 1);
    assert.match(lines[0]!, /^types: .*memory/);
    await poor.close();
  });
});
