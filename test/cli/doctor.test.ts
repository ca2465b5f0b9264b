import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gpuFinding } from "../../src/cli/doctor/backendFindings.ts";
import type { Finding } from "../../src/cli/doctor/finding.ts";
import { pythonPackages } from "../../src/cli/doctor/pythonPackages.ts";
import { needProgram } from "../support/needs.ts";
import { convoscope } from "./support/convoscope.ts";

const names = [
  "Node.js",
  "Python",
  "JupyterLab",
  "ipywidgets",
  "anywidget",
  "kernelspec",
  "TensorFlow",
  "GPU",
  "backend",
  "fonts",
  "shipped data",
  "real data",
];

describe("convoscope doctor", function () {
  this.timeout(60_000);
  let directory: string;
  before(needProgram);
  beforeEach(() => (directory = realpathSync(mkdtempSync(join(tmpdir(), "convoscope-doctor-")))));
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const examine = async (
    env: Record<string, string> = {},
  ): Promise<{ code: number | null; ok: boolean; findings: Finding[] }> => {
    const { code, stdout, stderr } = await convoscope(["doctor", "--json"], {
      env: { JUPYTER_DATA_DIR: directory, ...env },
    });
    assert.ok(stdout.startsWith("{"), stderr);
    return { code, ...(JSON.parse(stdout) as { ok: boolean; findings: Finding[] }) };
  };

  it("says of each thing whether it is there, and how to mend what is not", async () => {
    const { findings } = await examine();
    assert.deepEqual(
      findings.map(({ name }) => name),
      names,
    );
    for (const { name, ok, fix } of findings) assert.equal(fix === undefined, ok, name);
  });

  it("agrees with its exit code: 0 if all that is essential is there", async () => {
    const { code, ok, findings } = await examine();
    assert.equal(
      ok,
      findings.every((finding) => finding.ok || !finding.essential),
    );
    assert.equal(code, ok ? 0 : 1);
  });

  it("finds a kernelspec that was just installed, and one that starts what is gone", async () => {
    const env = { JUPYTER_DATA_DIR: directory };
    await convoscope(["install"], { env });
    const kernelspec = async (): Promise<Finding | undefined> =>
      (await examine()).findings.find(({ name }) => name === "kernelspec");
    assert.equal((await kernelspec())?.found, join(directory, "kernels/convoscope"));
    writeFileSync(
      join(directory, "kernels/convoscope/kernel.json"),
      '{"argv": ["/no/node", "kernel"], "display_name": "x"}',
    );
    const broken = await kernelspec();
    assert.deepEqual([broken?.ok, broken?.fix], [false, "convoscope install"]);
    assert.match(broken?.found ?? "", /starts \/no\/node, which is not there/);
  });

  it("finds that TensorFlow's library is missing, and goes on with what there is", async () => {
    const { findings } = await examine({ CONVOSCOPE_LIBTENSORFLOW: "/no/such/library" });
    const [library, backend] = ["TensorFlow", "backend"].map((name) =>
      findings.find((finding) => finding.name === name),
    );
    assert.deepEqual([library?.ok, library?.essential], [false, false]);
    assert.match(backend?.found ?? "", /^wasm /);
  });

  it("speaks to people in lines with a mark", async () => {
    const { stdout } = await convoscope(["doctor"], {
      env: { JUPYTER_DATA_DIR: directory, CONVOSCOPE_DATA: "/no/data" },
    });
    assert.match(stdout, /^✓ Node\.js +\d+\.\d+/);
    assert.match(
      stdout,
      /^– real data +none at \/no\/data\n +to mend it: export CONVOSCOPE_DATA=DIRECTORY$/m,
    );
  });
});

describe("gpuFinding", () => {
  const nvidia = { name: "NVIDIA Stand-in", cuda: 12040, computeCapability: 9 };
  const facts = { nvidia, otherGpu: false, build: { cuda: true, missing: ["libcudnn.so.9"] }, webgpu: false };

  it("describes the GPU that is used", () =>
    assert.deepEqual(gpuFinding(facts, true), {
      name: "GPU",
      essential: false,
      ok: true,
      found: "NVIDIA Stand-in, compute capability 9.0, driver for CUDA 12.4",
    }));

  it("says how to mend one that is not", () => {
    const { ok, found, fix } = gpuFinding(facts, false);
    assert.equal(ok, false);
    assert.match(found, /^NVIDIA Stand-in is not used: expected CUDA's libraries, found no libcudnn\.so\.9$/);
    assert.equal(fix, 'pip install "tensorflow[and-cuda]"');
  });

  it("has nothing against a machine without one", () => {
    const { ok, found } = gpuFinding({ ...facts, nvidia: undefined }, false);
    assert.deepEqual([ok, found], [true, "none; the CPU computes"]);
  });
});

describe("pythonPackages", () => {
  it("reads names and versions without starting Python", () => {
    const directory = mkdtempSync(join(tmpdir(), "convoscope-"));
    for (const name of ["Jupyter_Core-5.9.1.dist-info", "anywidget-0.11.0.dist-info", "anywidget"]) {
      mkdirSync(join(directory, "lib/python3.11/site-packages", name), { recursive: true });
    }
    assert.deepEqual([...pythonPackages(directory)].sort(), [
      ["anywidget", "0.11.0"],
      ["jupyter-core", "5.9.1"],
    ]);
    rmSync(directory, { recursive: true });
  });
  it("knows nothing of a directory that is no environment", () =>
    assert.equal(pythonPackages("/no/such").size, 0));
});
