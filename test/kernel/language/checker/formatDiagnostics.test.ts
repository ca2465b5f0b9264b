import assert from "node:assert/strict";

import type { Diagnostic } from "../../../../src/kernel/language/checker/diagnostic.ts";
import { formatDiagnostics } from "../../../../src/kernel/language/checker/formatDiagnostics.ts";

describe("formatDiagnostics", () => {
  const code = 'const a = 1;\nlet n: number = "a";\n';
  const diagnostic = (start: number, message = "Wrong."): Diagnostic => ({
    code: 2322,
    category: "error",
    message,
    start,
    length: 1,
  });

  it("tells number, place and reason, and shows the line", () => {
    assert.equal(
      formatDiagnostics([diagnostic(17)], { code, name: "Cell [3]" }),
      ["TS2322 Cell [3]:2:5 Wrong.", '> 2 | let n: number = "a";', "    |     ^"].join("\n"),
    );
  });
  it("indents further reasons", () => {
    const text = formatDiagnostics([diagnostic(0, "Wrong.\n  Because.")], { code, name: "Cell [3]" });
    assert.ok(text.startsWith("TS2322 Cell [3]:1:1 Wrong.\n    Because.\n> 1 |"));
  });
  it("counts what it does not show", () => {
    const many = Array.from({ length: 13 }, () => diagnostic(0));
    const text = formatDiagnostics(many, { code, name: "Cell [3]" });
    assert.equal(text.match(/TS2322/g)?.length, 10);
    assert.ok(text.endsWith("\nand 3 more"));
  });
  it("is empty when nothing is wrong", () => {
    assert.equal(formatDiagnostics([], { code, name: "Cell [3]" }), "");
  });
});
