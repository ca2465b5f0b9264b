import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import ts from "typescript";

const source = resolve(import.meta.dirname, "../../src");

/** Which rooms of src may know which others; the house of docs/architecture.md. */
const mayKnow: Record<string, readonly string[]> = {
  cli: ["kernel", "notebook", "jupyter", "tensorflow", "keras", "render"],
  kernel: ["jupyter"],
  "kernel/transport": [],
  "kernel/core": [],
  "kernel/language": ["jupyter"],
  notebook: ["kernel/transport", "jupyter"],
  jupyter: [],
  tensorflow: [],
  keras: ["tensorflow", "jupyter"],
  inspect: ["tensorflow"],
  render: [],
  views: ["inspect", "render", "jupyter"],
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

function isAllowed(from: string, to: string): boolean {
  if (to === "" || from === "" || from === to) return true;
  // The file that puts the kernel together knows its three layers; they do not know each other, nor it.
  if (from === "kernel" && layersOfKernel.includes(to)) return true;
  return (mayKnow[from] ?? []).some((room) => to === room || to.startsWith(`${room}/`));
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
        .filter((to) => !isAllowed(roomOf(file), roomOf(to)))
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
