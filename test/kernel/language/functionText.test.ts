import assert from "node:assert/strict";

import { installFunctionText } from "../../../src/kernel/language/functionText.ts";
import { CellRegistry } from "../../../src/kernel/language/cellRegistry.ts";
import { SessionScope } from "../../../src/kernel/language/sessionScope.ts";
import { transform } from "../../../src/kernel/language/transform.ts";
import { PlainSession } from "./support.ts";

describe("the text of a cell's function", () => {
  const native = Reflect.get(Function.prototype, "toString");
  const cells = new CellRegistry();
  const session = new PlainSession();

  before(() => installFunctionText(cells));
  after(() => Reflect.defineProperty(Function.prototype, "toString", { value: native }));

  /** The text of what a cell's last expression is. */
  async function textOf(source: string): Promise<string> {
    const filename = "/session/cell.ts";
    const { map, originalOf } = transform(source, { filename, session: new SessionScope() });
    cells.add(filename, { name: "Cell [1]", source, map, originalOf });
    return String(await session.run(source));
  }

  /** Without what the printer of JavaScript decides. */
  const plain = (text: string): string => text.replace(/[\s;]/g, "");

  for (const [title, source, text] of [
    ["of an async function", "async function f(x: 1) { await x; } f", "async function f(x) { await x; }"],
    ["of an async arrow function", "const g = async (x) => await x; g", "async (x) => await x"],
    ["of a function with a loop", "(function () { for (;;) break; })", "function () { for (;;) break; }"],
    [
      "that calls itself",
      "function f(n) { return n && f(n - 1); } f",
      "function f(n) { return n && f(n - 1); }",
    ],
    ["that mentions names of the session", "const a = 1; const k = () => a; k", "() => a"],
    ["of a class", "class A { m() { for (;;) break; } } A", "class A { m() { for (;;) break; } }"],
    ["of a method", "class B { async m(x: 1) { await x; } } new B().m", "async m(x) { await x; }"],
    ["of a static method", "class C { static m() { for (;;) break; } } C.m", "m() { for (;;) break; }"],
    ["of a method of an object", "({ async m() { await 1; } }).m", "async m() { await 1; }"],
    ["behind an await", "await 1; const p = async () => { await 2; }; p", "async () => { await 2; }"],
    ["of one in another", "((a) => async (b) => { await b; })(1)", "async (b) => { await b; }"],
  ] as const) {
    it(`is what was written: ${title}`, async () => assert.equal(plain(await textOf(source)), plain(text)));
  }

  it("is what was written: of a getter", async () => {
    const source = 'Object.getOwnPropertyDescriptor({ get m() { for (;;) return 1; } }, "m").get';
    assert.equal(plain(await textOf(source)), plain("get m() { for (;;) return 1; }"));
  });

  it("is as ever for others, itself included", () => {
    assert.equal(String(Math.max), "function max() { [native code] }");
    assert.equal(
      String(Reflect.get(Function.prototype, "toString")),
      "function toString() { [native code] }",
    );
    const $other = (): string => "$";
    assert.equal(String($other), Reflect.apply(native, $other, []));
    assert.throws(() => Reflect.apply(Reflect.get(Function.prototype, "toString"), {}, []), TypeError);
  });
});
