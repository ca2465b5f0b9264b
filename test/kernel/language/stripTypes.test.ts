import { specifyValues } from "./support.ts";

describe("types", () => {
  specifyValues([
    [
      "vanish",
      [
        "interface A { a: number } type B = A | null; declare const d: number; let x = { a: 1 } as A satisfies A; x!.a",
      ],
      1,
    ],
    ["may be used across cells", ["interface A { a: number }", "const x: A = { a: 1 }; x.a"], 1],
    [
      "of generics and overloads vanish",
      [
        "function f(x: string): string; function f(x: number): number; function f<T>(x: T): T { return x } f<number>(1)",
      ],
      1,
    ],
    [
      "of enums are values",
      ["enum E { A, B = 5, C } const enum K { X = 'x' }", "[E.A, E.C, E[5], K.X]"],
      [0, 6, "B", "x"],
    ],
    [
      "of enums may be declared again without the old members",
      ["enum E { A }", "enum E { B }", "[E.B, 'A' in E]"],
      [0, false],
    ],
    [
      "of namespaces are values",
      ["namespace N { export const a = 1; export function f() { return a } }", "N.f() + N.a"],
      2,
    ],
    [
      "of parameters make properties",
      [
        "class P { constructor(private q: number, public readonly w = 2) {} sum() { return this.q + this.w } } new P(1).sum()",
      ],
      3,
    ],
    [
      "of abstract classes vanish",
      [
        "abstract class A { abstract m(): number; declare z: string; n() { return this.m() } } class B extends A { m() { return 4 } } new B().n()",
      ],
      4,
    ],
    [
      "of this parameters vanish",
      ["function f(this: { v: number }, n: number) { return this.v + n } f.call({ v: 1 }, 2)"],
      3,
    ],
  ]);
});
