import assert from "node:assert/strict";
import type { Case } from "../support/case.ts";
import type { Code } from "../support/kernel.ts";

const typescript = [
  ["1 + 1", "complete"],
  ["let x = [\n  1,\n  2,\n]", "complete"],
  ["const f = (a: number) => `a${a}`", "complete"],
  ["const r = /[(]/.test('(')", "complete"],
  ["function f() {", "incomplete"],
  ["f(", "incomplete"],
  ["const s = `a ${1", "incomplete"],
  ["/* a comment", "incomplete"],
  ["const o = { a: 1,", "incomplete"],
  ["} }", "invalid"],
  ["let 5 = a", "invalid"],
] as const;

const python = [
  ["1 + 1", "complete"],
  ["def f():", "incomplete"],
  ["a b c", "invalid"],
] as const;

/** Whether a front end is to run a cell, or to go on in a new line. */
export const completeness: Case[] = [
  ...typescript.map(([text, status]) => ({
    name: `is_complete: ${JSON.stringify(text)} is ${status}`,
    run: judges({ ts: text }, status),
  })),
  ...python.map(([text, status]) => ({
    name: `is_complete in Python: ${JSON.stringify(text)} is ${status}`,
    appliesTo: ["ipykernel"] as const,
    run: judges({ py: text }, status),
  })),
];

function judges(text: Code, status: string): Case["run"] {
  return async ({ client, code }) => {
    const reply = await client.request("is_complete", { code: code(text) });
    assert.equal(reply.status, status);
    if (status === "incomplete") assert.equal(typeof reply.indent, "string");
  };
}
