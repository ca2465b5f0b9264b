import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fingerprint, isStamped, writeStamp } from "./stamp.mjs";
import { runStep } from "./step.mjs";

const oldest = 10;
const newest = 13;
const names = ["python3", ...["13", "12", "11", "10"].map((minor) => `python3.${minor}`), "python"];

/** The first Python 3.10-3.13 on the PATH (or `CONVOSCOPE_PYTHON`), or what was found instead. */
export function findPython() {
  const found = [];
  for (const name of process.env.CONVOSCOPE_PYTHON ? [process.env.CONVOSCOPE_PYTHON] : names) {
    const version = versionOf(name);
    if (version === undefined) continue;
    if (version.major === 3 && version.minor >= oldest && version.minor <= newest) return { command: name };
    found.push(`${version.major}.${version.minor} (${name})`);
  }
  return { found: found.length === 0 ? "none" : found.join(", ") };
}

function versionOf(command) {
  try {
    const text = execFileSync(command, ["-c", "import sys; print(*sys.version_info[:2])"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [major, minor] = text.trim().split(" ").map(Number);
    return { major, minor };
  } catch {
    return undefined;
  }
}

/** pip's name of TensorFlow for this machine: with CUDA where an NVIDIA driver answers, the small CPU wheel where there is one. */
function tensorflowRequirement() {
  if (process.platform === "linux" && hasNvidiaDriver()) return "tensorflow[and-cuda]~=2.21.0";
  if (process.platform === "linux" && process.arch === "x64") return "tensorflow-cpu~=2.21.0";
  return "tensorflow~=2.21.0";
}

function hasNvidiaDriver() {
  try {
    return execFileSync("nvidia-smi", ["-L"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).includes("GPU");
  } catch {
    return false;
  }
}

/** Makes `.venv` with JupyterLab and TensorFlow. Says in one line why not, where that cannot be, and lets the rest go on. */
export async function setUpPython(root) {
  const requirements = join(root, "scripts/requirements.txt");
  const environment = join(root, ".venv");
  const stamp = join(environment, ".convoscope");
  const python = join(environment, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
  const print = fingerprint([requirements], process.platform + process.arch);
  if (isStamped(stamp, print)) return true;

  const { command, found } = findPython();
  if (command === undefined) {
    without(
      `expected Python 3.${oldest}-3.${newest}, found ${found}; install one, or name it in CONVOSCOPE_PYTHON`,
    );
    return false;
  }
  try {
    if (versionOf(python) === undefined) {
      rmSync(environment, { recursive: true, force: true });
      await runStep("making .venv", command, ["-m", "venv", environment]);
    }
    const tensorflow = tensorflowRequirement();
    await runStep(`installing JupyterLab and ${tensorflow} into .venv`, python, [
      ...["-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar=off"],
      ...["-r", requirements, tensorflow],
    ]);
  } catch (error) {
    const [reason, ...log] = error.message.split("\n");
    without(`${reason}; mend it and run this again`, log.slice(-5));
    return false;
  }
  // This package is of type "module"; JupyterLab runs scripts of its own below, which are CommonJS.
  writeFileSync(join(environment, "package.json"), '{ "type": "commonjs" }\n');
  writeStamp(stamp, print);
  return true;
}

function without(reason, log = []) {
  for (const line of log) process.stderr.write(`${line}\n`);
  process.stderr.write(
    `  python: ${reason}. Going on without JupyterLab and TensorFlow's library: headless runs use WebAssembly.\n`,
  );
}
