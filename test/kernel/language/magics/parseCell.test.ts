import assert from "node:assert/strict";

import { parseCell } from "../../../../src/kernel/language/magics/parseCell.ts";

/** The magics of a cell as `name: argument`. */
const magics = (code: string): string[] =>
  parseCell(code).magics.map(({ name, argument }) => `${name}: ${argument}`);

describe("a line is a magic", () => {
  const cases: [title: string, code: string, found: string[]][] = [
    ["when it starts with % and a known name", "%who", ["who: "]],
    ["with what stands behind it", "  %load  a file.ts ", ["load: a file.ts"]],
    ["also after statements without semicolon", "let a = 1\n%who\na", ["who: "]],
    ["when ! stands before a command", "!ls -la | wc", ["!: ls -la | wc"]],
    ["when ! stands before a path", "!./run.sh\n!/bin/true\n!~/x", ["!: ./run.sh", "!: /bin/true", "!: ~/x"]],
    ["when ! stands apart from a command", "let a = 1\n! npm ls\na", ["!: npm ls"]],
    ["when ! stands before a group of commands", "!(sleep 1; ls) & pwd", ["!: (sleep 1; ls) & pwd"]],
    ["when a name has question marks behind or before it", "a.b?\n?c\nd??", ["?: a.b", "?: c", "??: d"]],
    ["also of an unknown name, when it can be nothing else", "let a = 1\n%tim a", ["tim: a"]],
    ["each for itself", "%ts off\n!ls\nlet a\n%who", ["ts: off", "!: ls", "who: "]],
    ["whatever the lines end with", "let a\r\n!ls\r\n%who\r\na?\r\n", ["!: ls", "who: ", "?: a"]],
    ["after comments", "// first\n/* second\n*/\n%who", ["who: "]],
    ["with %% as a name that does not exist", "%%time\nf()", ["%time: "]],
  ];
  for (const [title, code, found] of cases) it(title, () => assert.deepEqual(magics(code), found));
});

describe("a line is TypeScript", () => {
  const cases: [title: string, code: string][] = [
    ["when % goes on an expression", "a\n% b"],
    ["when % goes on an expression without a space", "a\n%b"],
    ["when a known name goes on an unfinished expression", "const c = a *\n(b)\n+ (c\n%time)"],
    ["in a template", "`\n%who\n!ls\nname?\n`"],
    ["in a comment", "/*\n%who\n!ls\n*/"],
    ["in a block", "if (a) {\n  f(\n%who)\n}"],
    ["when ! negates what is no command", "!true\n!f(1)\n!(a)\n!!a\n![].length\n!await f()\n!this.x"],
    ["when ! negates over more than one line", "const b = c &&\n! f(\n1)"],
    ["when ! negates beside something broken", "! a\n! (b)\nlet = = 5"],
    ["when ? belongs to a choice", "const x = a ?\n1 : 2"],
    ["when ? starts a branch", "const x = a\n?b\n:c"],
  ];
  for (const [title, code] of cases) {
    it(title, () => assert.deepEqual(parseCell(code), { typescript: code, isObject: false, magics: [] }));
  }
});

describe("the TypeScript of a cell", () => {
  it("has every character that is left at its place, and ends statements where magics stand", () => {
    assert.equal(parseCell("let a = 1\n  %who\n(a)").typescript, "let a = 1\n  ;   \n(a)");
    assert.equal(parseCell("a?").typescript, "; ");
  });

  it("has the first line of a script as a comment", () => {
    assert.equal(parseCell("#!/usr/bin/env node\n1").typescript, "///usr/bin/env node\n1");
  });

  it("keeps the expressions that are measured, over more than one line", () => {
    const code = "%time f([\n  1,\n]) // so\n%timeit  g()\n%time h(1); ";
    const { typescript, magics } = parseCell(code);
    assert.equal(typescript, ";     f([\n  1,\n]) // so\n;        g()\n;     h(1); ");
    assert.deepEqual(
      magics.map(({ expression }) => code.slice(expression!.start, expression!.end)),
      ["f([\n  1,\n])", "g()", "h(1)"],
    );
  });

  it("knows no expression where there is none", () => {
    assert.equal(parseCell("%time").magics[0]!.expression, undefined);
    assert.equal(parseCell("%time let x = 1").magics[0]!.expression, undefined);
  });
});

describe("a cell in braces", () => {
  const isObject = (code: string): boolean => parseCell(code).isObject;

  it("is an object when it can be one", () => {
    assert.ok(isObject("{ a: 1, b: 2 }"));
    assert.ok(isObject("{}"));
    assert.ok(isObject("// a comment\n{ a, ...b } // another"));
    assert.ok(isObject("{ f() { return 1 } }.f()"));
  });

  it("is looked for behind any comments", () => {
    assert.ok(!isObject(`${"// ".repeat(5000)}\n${"/* a */".repeat(1000)}let a`));
    assert.ok(isObject(`${"/".repeat(5000)}\n${"/** a **/".repeat(1000)}{}`));
  });

  it("is a block when it ends with a semicolon or has statements", () => {
    assert.ok(!isObject("{ a: 1 };"));
    assert.ok(!isObject("{ let a = 1; a }"));
    assert.ok(!isObject("{ f() }"));
    assert.ok(!isObject("{ a: 1 }\nlet b = 2"));
  });
});
