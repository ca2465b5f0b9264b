import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { atomicWriteFile, writeBeside } from "../src/atomicWrite.ts";
import { needLinux } from "./support/needs.ts";

describe("writing beside and renaming", () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "convoscope-write-"))));
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it("writes the whole file and makes its directories", async () => {
    const path = join(directory, "a/b/c.txt");
    await atomicWriteFile(path, "whole");
    assert.equal(readFileSync(path, "utf8"), "whole");
    assert.deepEqual(readdirSync(join(directory, "a/b")), ["c.txt"]);
  });

  it("leaves the old file and nothing else when the writing fails", async () => {
    const path = join(directory, "kept.txt");
    writeFileSync(path, "old");
    const failing = writeBeside(path, (temporary) => {
      writeFileSync(temporary, "half");
      throw new Error("no more");
    });
    await assert.rejects(failing, /no more/);
    assert.equal(readFileSync(path, "utf8"), "old");
    assert.deepEqual(readdirSync(directory), ["kept.txt"]);
  });

  it("says in one line that a file stands where a directory should be", async () => {
    writeFileSync(join(directory, "file"), "");
    await assert.rejects(atomicWriteFile(join(directory, "file/inside.txt"), ""), {
      name: "InputError",
      message: /^write: expected a place for .*inside\.txt, found a file where a directory should be; /,
    });
  });

  it("says in one line that no directory can be made there", async function () {
    needLinux.call(this);
    await assert.rejects(atomicWriteFile("/proc/convoscope/deep/file.txt", ""), {
      name: "InputError",
      message: /found a file system that makes no directories/,
    });
  });

  it("says in one line that a directory has that name", async () => {
    mkdirSync(join(directory, "taken"));
    await assert.rejects(atomicWriteFile(join(directory, "taken"), ""), {
      name: "InputError",
      message: /found a directory of that name/,
    });
    assert.deepEqual(readdirSync(directory), ["taken"]);
  });
});
