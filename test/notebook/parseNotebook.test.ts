import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { InputError } from "../../src/errors.ts";
import { formatNotebook } from "../../src/notebook/formatNotebook.ts";
import { parseNotebook } from "../../src/notebook/parseNotebook.ts";
import { need, needPython } from "../support/needs.ts";
import { schemaErrors } from "./support/notebooks.ts";

/** One of everything that nbformat 4.5 knows, in the shapes in which it lies in files. */
const everything = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {
    kernelspec: { name: "convoscope", display_name: "TypeScript (Convoscope)", language: "typescript" },
    authors: [{ name: "A" }],
  },
  cells: [
    {
      cell_type: "markdown",
      id: "text",
      metadata: {},
      source: ["# A\n", "\n", "b"],
      attachments: { "a.png": { "image/png": "iVBO" } },
    },
    { cell_type: "raw", id: "raw", metadata: { format: "text/html" }, source: "<p>" },
    {
      cell_type: "code",
      id: "code",
      metadata: { tags: ["x"] },
      execution_count: 3,
      source: ["1 +\n", "1"],
      outputs: [
        { output_type: "stream", name: "stderr", text: ["a\n", "b\n"] },
        {
          output_type: "execute_result",
          execution_count: 3,
          data: { "text/plain": ["2"], "application/json": ["a", "b"], "image/png": "iVBO\n" },
          metadata: { "image/png": { width: 3 } },
        },
        { output_type: "display_data", data: { "text/html": ["<b>\n", "</b>"] }, metadata: {} },
        { output_type: "error", ename: "E", evalue: "v", traceback: ["l1", "l2"] },
      ],
    },
  ],
};

const withCell = (cell: unknown): string => JSON.stringify({ ...everything, cells: [cell] });

describe("parseNotebook", () => {
  it("joins lines to texts, but leaves lists alone that are JSON values", () => {
    const { cells } = parseNotebook(JSON.stringify(everything));
    assert.deepEqual(
      cells.map(({ source }) => source),
      ["# A\n\nb", "<p>", "1 +\n1"],
    );
    const [, , cell] = cells;
    assert.ok(cell?.cell_type === "code");
    assert.deepEqual(cell.outputs[0], { output_type: "stream", name: "stderr", text: "a\nb\n" });
    const [, result] = cell.outputs;
    assert.ok(result?.output_type === "execute_result");
    assert.deepEqual(result.data, {
      "text/plain": "2",
      "application/json": ["a", "b"],
      "image/png": "iVBO\n",
    });
  });

  it("gives every cell an id, the same ones each time, and new ones to cells that share one", () => {
    const cell = { cell_type: "markdown", metadata: {}, source: "a" };
    const old = JSON.stringify({
      nbformat: 4,
      nbformat_minor: 2,
      metadata: {},
      cells: [cell, cell, { ...cell, id: "x" }, { ...cell, id: "x" }],
    });
    const ids = parseNotebook(old).cells.map(({ id }) => id);
    assert.equal(new Set(ids).size, 4);
    assert.equal(ids[2], "x");
    assert.deepEqual(
      parseNotebook(old).cells.map(({ id }) => id),
      ids,
    );
  });

  it("reads a file with a byte order mark", () => {
    assert.equal(parseNotebook(`\uFEFF${JSON.stringify(everything)}`).cells.length, 3);
  });

  const broken: [what: string, text: string, message: RegExp][] = [
    ["an empty file", "", /^a\.ipynb: expected a Jupyter notebook \(JSON\), found an empty file$/],
    ["half a file", '{"cells": [', /^a\.ipynb: expected a Jupyter notebook \(JSON\), found .*JSON/],
    ["JSON that is no notebook", '{"a": 1}', /expected a Jupyter notebook, found JSON without nbformat/],
    [
      "format 3",
      '{"nbformat": 3, "worksheets": []}',
      /expected a notebook of format 4, found format 3; open it in JupyterLab/,
    ],
    ["no list of cells", '{"nbformat": 4, "cells": {}}', /expected a list of cells, found a object/],
    [
      "a cell of no type",
      withCell({ source: "" }),
      /cell 1: expected a code, markdown or raw cell, found none/,
    ],
    [
      "a source that is no text",
      withCell({ cell_type: "raw", source: 3 }),
      /cell 1: expected text or a list of lines, found a number/,
    ],
    [
      "an unknown output",
      withCell({ cell_type: "code", source: "", outputs: [{ output_type: "pyout" }] }),
      /cell 1: expected an output .*found "pyout"/,
    ],
  ];
  for (const [what, text, message] of broken) {
    it(`refuses ${what} in one line`, () => {
      const error = (cause: unknown): boolean => {
        assert.ok(cause instanceof InputError);
        assert.match(cause.message, message);
        assert.doesNotMatch(cause.message, /\n/);
        return true;
      };
      assert.throws(() => parseNotebook(text, { who: "a.ipynb" }), error);
    });
  }
});

describe("formatNotebook", () => {
  it("writes what parseNotebook reads", () => {
    const notebook = parseNotebook(JSON.stringify(everything));
    assert.deepEqual(parseNotebook(formatNotebook(notebook)), notebook);
  });

  it("is valid by nbformat's schema, also for old notebooks with fields that are none any more", function () {
    const errorsOf = need(this, schemaErrors, "no nbformat in .venv: run npm run setup");
    const old = {
      nbformat: 4,
      nbformat_minor: 0,
      metadata: { kernelspec: { name: "python3" }, language_info: {}, orig_nbformat: 2 },
      cells: [
        { cell_type: "code", source: [], collapsed: true, language: "python" },
        { cell_type: "markdown", source: "x", outputs: [] },
      ],
    };
    for (const content of [everything, old]) {
      assert.deepEqual(errorsOf(formatNotebook(parseNotebook(JSON.stringify(content)))), []);
    }
    assert.notDeepEqual(errorsOf(JSON.stringify(old)), [], "the schema sees something");
  });

  it("is laid out as Jupyter itself saves it, byte for byte", function () {
    const python = needPython.call(this);
    const text = formatNotebook(parseNotebook(JSON.stringify(everything)));
    const program = "import sys, nbformat; nbformat.write(nbformat.reads(sys.stdin.read(), 4), sys.stdout)";
    const saved = execFileSync(python, ["-c", program], { input: text, encoding: "utf8" });
    assert.equal(text, saved);
  });
});
