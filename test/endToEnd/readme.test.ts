import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runToEnd } from "../support/processes.ts";
import { needProgram } from "../support/needs.ts";
import { program, root } from "../support/paths.ts";

const readme = readFileSync(join(root, "README.md"), "utf8");

/** The text of the first fenced block that begins with "```" and these letters. */
function block(language: string): string {
  const found = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "m").exec(readme);
  assert.ok(found?.[1], `a block of ${language}`);
  return found[1];
}

/** What stays the same from run to run and from machine to machine. */
const withoutNumbers = (text: string): string =>
  text
    .replace(/^Shapes: .*$/m, "Shapes: …")
    .replace(/━+ .*$/gm, "")
    .trim();

describe("the README", function () {
  this.timeout(120_000);
  const directory = mkdtempSync(join(tmpdir(), "convoscope-readme-"));
  after(() => rmSync(directory, { recursive: true, force: true }));

  it("shows a first network that runs and prints what stands below it", async function () {
    needProgram.call(this);
    const cell = {
      id: "first",
      cell_type: "code",
      execution_count: null,
      metadata: {},
      outputs: [],
      source: block("ts"),
    };
    const path = join(directory, "first.ipynb");
    writeFileSync(path, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [cell] }));
    const { code, stderr } = await runToEnd(process.execPath, [program, "run", path], { cwd: directory });
    assert.equal(code, 0, stderr);
    const { cells } = JSON.parse(readFileSync(join(directory, "out/first.ipynb"), "utf8")) as {
      cells: [{ outputs: { text: string[] }[] }];
    };
    const printed = cells[0].outputs.map(({ text }) => text.join("")).join("");
    assert.equal(withoutNumbers(printed), withoutNumbers(block("text")));
    for (const picture of ["curves.png", "seen.png"])
      assert.ok(existsSync(join(directory, picture)), picture);
  });

  it("links to files that are there", () => {
    const links = [...readme.matchAll(/\]\(([^)]+)\)/g)].map(([, target]) => target ?? "");
    assert.ok(links.length > 5);
    assert.deepEqual(
      links.filter((target) => !target.startsWith("http") && !existsSync(join(root, target))),
      [],
    );
  });

  it("names npm scripts that are there", () => {
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: object };
    const named = [...readme.matchAll(/npm (?:run )?(\w+)(?=[ `])/g)].map(([, name]) => name ?? "");
    assert.ok(named.length >= 2);
    assert.deepEqual(
      named.filter((name) => !(name in scripts)),
      [],
    );
  });
});
