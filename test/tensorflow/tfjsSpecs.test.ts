import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { needTensorflowLibrary } from "../support/needTensorflow.ts";
import { knownFailures } from "./tfjsSpecs/knownFailures.ts";
import type { SpecResults } from "./tfjsSpecs/run.ts";

const directory = join(import.meta.dirname, "tfjsSpecs");

async function runSpecs(): Promise<SpecResults> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--import", "tsx", join(directory, "run.ts")],
    { maxBuffer: 2 ** 26, env: { ...process.env, CONVOSCOPE_BACKEND: "tensorflow" } },
  );
  return JSON.parse(stdout.trim().split("\n").at(-1)!) as SpecResults;
}

describe("the specs of tfjs-core on the binding", () => {
  let results: SpecResults;

  /** The failures that each rule explains. */
  let explained: Map<(typeof knownFailures)[number], SpecResults["failures"]>;

  before(async function () {
    needTensorflowLibrary.call(this);
    this.timeout(300_000);
    results = await runSpecs();
    explained = new Map(
      knownFailures.map((rule) => [
        rule,
        results.failures.filter(
          ({ name, message }) =>
            rule.names.some((start) => name.replace(/ +tensorflow \{\}/, "").startsWith(start)) &&
            message.includes(rule.message),
        ),
      ]),
    );
  });

  it("pass, all but those with a reason", function () {
    const known = new Set([...explained.values()].flat());
    this.test!.title += `: ${String(results.passed)} passed, ${String(known.size)} known failures`;
    assert.deepEqual(
      results.failures.filter((failure) => !known.has(failure)),
      [],
    );
  });

  it("are at least 3,900 that pass", () => {
    assert.ok(results.passed >= 3900, `${String(results.passed)} passed`);
  });

  it("still fail where a reason is written down", () => {
    const stale = [...explained]
      .filter(([, failures]) => failures.length === 0)
      .map(([{ reason }]) => reason);
    assert.deepEqual(stale, []);
  });
});
