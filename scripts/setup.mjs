// Installs whatever is missing, with Node's own modules only: npm's packages, the build, a Python environment with
// JupyterLab and TensorFlow, the kernelspec in it. Does nothing the second time.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { setUpPython } from "./setup/python.mjs";
import { fingerprint, isStamped, writeStamp } from "./setup/stamp.mjs";
import { runStep } from "./setup/step.mjs";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  process.stderr.write(
    `setup: expected Node.js >= 20.19, found ${process.versions.node}; install a newer one\n`,
  );
  process.exit(1);
}

async function installPackages() {
  const stamp = join(root, "node_modules/.convoscope");
  const print = fingerprint([join(root, "package-lock.json")], process.platform + process.arch);
  if (isStamped(stamp, print)) return;
  await runStep("installing npm packages", "npm", ["ci", "--no-audit", "--no-fund"], { cwd: root });
  writeStamp(stamp, print);
}

async function build() {
  const stamp = join(root, "dist/.convoscope");
  const inputs = [
    "src",
    "scripts/build.mjs",
    "scripts/bundleKernel.mjs",
    "scripts/bundleTfjsNode.mjs",
    "tsconfig.json",
    "tsconfig.build.json",
    "package-lock.json",
  ];
  const print = fingerprint(inputs.map((name) => join(root, name)));
  if (isStamped(stamp, print)) return;
  await runStep("building", process.execPath, [join(root, "scripts/build.mjs")], { cwd: root });
  writeStamp(stamp, print);
}

async function installKernelspec() {
  const environment = join(root, ".venv");
  const stamp = join(environment, ".convoscope-kernelspec");
  const print = [process.execPath, root].join("\n");
  if (
    isStamped(stamp, print) &&
    existsSync(join(environment, "share/jupyter/kernels/convoscope/kernel.json"))
  )
    return;
  const command = [join(root, "dist/cli/main.js"), "install", "--prefix", environment];
  await runStep("installing the kernelspec", process.execPath, command, { cwd: root });
  writeStamp(stamp, print);
}

/** @returns whether there is a Python environment with JupyterLab in it */
export async function setup() {
  checkNode();
  await installPackages();
  await build();
  const python = await setUpPython(root);
  if (python) await installKernelspec();
  return python;
}

/** Runs the set-up for a command line; what went wrong is printed and ends the process. */
export async function setupOrExit() {
  try {
    return await setup();
  } catch (error) {
    process.stderr.write(`setup: ${error.message}\n`);
    process.exit(1);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await setupOrExit();
