import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import ts from "typescript";

const source = resolve(import.meta.dirname, "../../src");

/** Which rooms of src may know which others, or which single files of them; the house of docs/architecture.md. */
const mayKnow: Record<string, readonly string[]> = {
  cli: ["kernel", "notebook", "jupyter", "tensorflow", "keras", "render"],
  kernel: ["jupyter"],
  "kernel/transport": [],
  // The words that layers have in common: what a message is, and what an interpreter must do.
  "kernel/core": ["jupyter", "kernel/transport/message.ts", "kernel/transport/connectionInfo.ts"],
  "kernel/language": ["jupyter", "kernel/core/interpreter.ts"],
  notebook: ["kernel/transport", "jupyter"],
  jupyter: [],
  tensorflow: [],
  keras: ["tensorflow", "jupyter"],
  inspect: ["tensorflow"],
  render: [],
  // What is drawn while a model trains is told of it as every callback is.
  views: [
    ...["inspect", "render", "jupyter"],
    ...["keras/callbacks/kerasCallback.ts", "keras/optimizers/learningRate.ts"],
  ],
  widgets: ["views", "jupyter"],
};

const layersOfKernel = ["kernel/transport", "kernel/core", "kernel/language"];

function roomOf(file: string): string {
  const [first = "", second, ...rest] = relative(source, file).split(sep);
  if (second === undefined) return "";
  const inner = `${first}/${second}`;
  return rest.length > 0 && layersOfKernel.includes(inner) ? inner : first;
}

function importsOf(file: string): string[] {
  return ts
    .preProcessFile(readFileSync(file, "utf8"), true, true)
    .importedFiles.map(({ fileName }) => fileName)
    .filter((name) => name.startsWith("."))
    .map((name) => resolve(dirname(file), name));
}

function isAllowed(importer: string, imported: string): boolean {
  const [from, to] = [roomOf(importer), roomOf(imported)];
  if (to === "" || from === "" || from === to) return true;
  // The file that puts the kernel together knows its three layers; they do not know each other, nor it.
  if (from === "kernel" && layersOfKernel.includes(to)) return true;
  const path = relative(source, imported).split(sep).join("/");
  return (mayKnow[from] ?? []).some((known) => path === known || path.startsWith(`${known}/`));
}

describe("the house", () => {
  const files = readdirSync(source, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(source, name));

  it("has imports between its rooms, so that this check sees something", () => {
    const crossing = files.flatMap((file) => importsOf(file).filter((to) => roomOf(to) !== roomOf(file)));
    assert.ok(crossing.length > 20, `only ${crossing.length} imports cross a door`);
  });

  it("has no arrow that the architecture does not name", () => {
    const forbidden = files.flatMap((file) =>
      importsOf(file)
        .filter((to) => !isAllowed(file, to))
        .map((to) => `${relative(source, file)} -> ${relative(source, to)}`),
    );
    assert.deepEqual(forbidden, []);
  });

  it("knows every room there is", () => {
    const unknown = [...new Set(files.map(roomOf))].filter((room) => room !== "" && !(room in mayKnow));
    assert.deepEqual(unknown, []);
  });

  it("imports @tensorflow/tfjs in one place only", () => {
    const importers = files.filter((file) => readFileSync(file, "utf8").includes('from "@tensorflow/tfjs"'));
    assert.deepEqual(
      importers.filter((file) => roomOf(file) !== "tensorflow").map((file) => relative(source, file)),
      [],
    );
  });
});
