import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { needProgram } from "../support/needs.ts";
import { root } from "../support/paths.ts";
import { convoscope } from "./support/convoscope.ts";

describe("convoscope", () => {
  before(needProgram);

  it("says what it can do", async () => {
    const { code, stdout } = await convoscope(["--help"]);
    assert.equal(code, 0);
    for (const command of ["run", "lab", "install", "uninstall", "doctor", "kernel"])
      assert.match(stdout, new RegExp(`^  ${command} `, "m"));
  });

  it("prints its version", async () => {
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
    assert.deepEqual(await convoscope(["--version"]), { code: 0, stdout: `${version}\n`, stderr: "" });
  });

  for (const command of ["run", "lab", "install", "uninstall", "doctor"]) {
    it(`explains ${command}`, async () => {
      const { code, stdout, stderr } = await convoscope([command, "--help"]);
      assert.equal(code, 0, stderr);
      assert.match(stdout, new RegExp(`^usage: convoscope ${command}`));
    });
  }

  const mistakes: [args: string[], message: string][] = [
    [["rnu"], 'convoscope: expected a command, found "rnu"; did you mean run?'],
    [["x"], 'convoscope: expected a command, found "x"; one of run, lab, install, uninstall, doctor, kernel'],
    [
      ["constructor"],
      'convoscope: expected a command, found "constructor"; one of run, lab, install, uninstall, doctor, kernel',
    ],
    [
      ["run", "--timout", "3"],
      "convoscope run: expected a known option, found --timout; did you mean --timeout?",
    ],
    [["run", "--timeout"], "convoscope run: expected a value for --timeout, found none"],
    [["run", "--allow-errors=1"], "convoscope run: expected --allow-errors without a value, found one"],
    [
      ["run"],
      "convoscope run: expected a notebook, found none; for example: convoscope run notebooks/03-shapes.ipynb",
    ],
    [
      ["install", "me"],
      'convoscope install: expected options only, found "me"; see convoscope install --help',
    ],
    [
      ["install", "--name", "a/b"],
      'convoscope install --name: expected letters, digits and - . _, found "a/b"',
    ],
    [
      ["install", "--user", "--prefix", "p"],
      "convoscope install: expected one of --user, --sys-prefix, --prefix, found --user and --prefix",
    ],
    [["doctor", "--jsn"], "convoscope doctor: expected a known option, found --jsn; did you mean --json?"],
  ];
  for (const [args, message] of mistakes) {
    it(`answers "${args.join(" ")}" in one line and leaves with 1`, async () => {
      assert.deepEqual(await convoscope(args), { code: 1, stdout: "", stderr: `${message}\n` });
    });
  }
});
