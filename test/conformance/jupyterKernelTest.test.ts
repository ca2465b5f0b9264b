import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { needPython } from "../support/needs.ts";
import { runToEnd, type Finished } from "../support/processes.ts";
import { installKernelspec } from "./support/installKernelspec.ts";

/** The tests that apply to our kernel: all of them. */
const tests = [
  "test_kernel_info",
  "test_execute_stdout",
  "test_execute_stderr",
  "test_error",
  "test_execute_result",
  "test_display_data",
  "test_clear_output",
  "test_completion",
  "test_inspect",
  "test_is_complete",
  "test_history",
  "test_pager",
  "test_recv_iopub_welcome_msg",
];

describe("jupyter_kernel_test", function () {
  this.timeout(180_000);
  let directory: string;
  let finished: Finished;

  before(async function () {
    const python = needPython.call(this);
    directory = mkdtempSync(join(tmpdir(), "jupyter-kernel-test-"));
    const env = { ...(await installKernelspec(directory)), XDG_DATA_HOME: join(directory, "data") };
    const script = join(import.meta.dirname, "jupyterKernelTest.py");
    finished = await runToEnd(python, [script], { cwd: directory, env });
  });
  after(() => {
    if (directory) rmSync(directory, { recursive: true, force: true });
  });

  for (const name of tests) {
    it(name, () => {
      const report = finished.stderr;
      const [section = ""] =
        new RegExp(`^(FAIL|ERROR): ${name}\\b[^]*?(?=^={70}|^-{70}\\nRan)`, "m").exec(report) ?? [];
      assert.equal(section, "");
      assert.match(report, new RegExp(`^${name} .*\\.\\.\\. (?:[^]*? )?ok$`, "m"));
    });
  }

  it("has no other tests, and skips none", () => {
    assert.match(finished.stderr, new RegExp(`^Ran ${tests.length} tests`, "m"));
    assert.doesNotMatch(finished.stderr, /skipped/);
  });
});
