import assert from "node:assert/strict";
import ts from "typescript";
import { injectParameters, parseParameter, unknownParameters } from "../../src/notebook/parameters.ts";
import { code, notebookOf } from "./support/notebooks.ts";

describe("parseParameter", () => {
  const values: [text: string, name: string, value: unknown][] = [
    ["epochs=2", "epochs", 2],
    ["rate=1e-3", "rate", 0.001],
    ["flip=true", "flip", true],
    ["layers=[32,64]", "layers", [32, 64]],
    ["name=vgg 16", "name", "vgg 16"],
    ['name="2"', "name", "2"],
    ["empty=", "empty", ""],
    ["formula=a=b", "formula", "a=b"],
    ["größe=1", "größe", 1],
  ];
  for (const [text, name, value] of values) {
    it(`reads ${text}`, () => assert.deepEqual(parseParameter(text), [name, value]));
  }
  for (const text of ["epochs", "=2", "3x=1", "a-b=1", "const=1", "x;process.exit()=1", ""]) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(
        () => parseParameter(text),
        /^InputError: --param: expected name=value, found ".*"; for example/,
      );
    });
  }
});

describe("injectParameters", () => {
  const tagged = code("const epochs = 30;", { tags: ["parameters"] });
  const sources = (notebook: ReturnType<typeof notebookOf>): string[] =>
    notebook.cells.map(({ source }) => source);

  it("puts a cell right after the one tagged parameters", () => {
    const notebook = injectParameters(notebookOf(["1", tagged, "2"]), { epochs: 2, name: "it's" });
    assert.deepEqual(sources(notebook), [
      "1",
      tagged.source,
      '// set by --param\nlet epochs = 2;\nlet name = "it\'s";',
      "2",
    ]);
    assert.deepEqual(notebook.cells[2]?.metadata.tags, ["injected-parameters"]);
  });

  it("puts it at the top if there is none", () => {
    assert.equal(sources(injectParameters(notebookOf(["1"]), { a: 1 }))[1], "1");
  });

  it("takes the place of a cell that was injected before", () => {
    const once = injectParameters(notebookOf([tagged, "2"]), { epochs: 2 });
    const twice = injectParameters(once, { epochs: 3 });
    assert.deepEqual(sources(twice), [tagged.source, "// set by --param\nlet epochs = 3;", "2"]);
  });

  it("leaves the notebook that it was given as it was", () => {
    const notebook = notebookOf([tagged]);
    injectParameters(notebook, { epochs: 2 });
    assert.equal(notebook.cells.length, 1);
  });

  it("declares with a type wide enough for what comes after", () => {
    const injected = sources(injectParameters(notebookOf([]), { epochs: 2 }))[0] ?? "";
    const errors = (text: string): number => {
      const host = ts.createCompilerHost({});
      const read = host.getSourceFile.bind(host);
      host.getSourceFile = (name, version, onError) =>
        name === "cell.ts" ? ts.createSourceFile(name, text, version) : read(name, version, onError);
      return ts
        .createProgram(["cell.ts"], { strict: true, types: [], noEmit: true, noLib: true }, host)
        .getSemanticDiagnostics().length;
    };
    assert.equal(errors(`${injected}\nif (epochs === 30) epochs += 1;`), 0);
    assert.notEqual(
      errors(`${injected.replace("let", "const")}\nif (epochs === 30) throw 1;`),
      0,
      "the check sees something",
    );
  });
});

describe("unknownParameters", () => {
  it("names those that the cell tagged parameters does not mention", () => {
    const notebook = notebookOf([code("const epochs = 30, seed = 2;", { tags: ["parameters"] })]);
    assert.deepEqual(unknownParameters(notebook, { epoch: 1, seed: 3 }), ["epoch"]);
  });
  it("knows nothing of a notebook without such a cell", () => {
    assert.deepEqual(unknownParameters(notebookOf(["const epochs = 30;"]), { epoch: 1 }), []);
  });
});
