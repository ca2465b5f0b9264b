// `npm start [-- NOTEBOOK… options]`: sets up, then runs notebooks headless.
import { join, relative } from "node:path";
import { convoscope } from "./main.mjs";
import { root, setupOrExit } from "./setup.mjs";

const args = process.argv.slice(2);
const python = await setupOrExit();
const notebooks = args.some((argument) => argument.endsWith(".ipynb"));
const fallback = relative(process.cwd(), join(root, "notebooks/03-shapes.ipynb"));
const code = await convoscope("run", ...(notebooks ? [] : [fallback]), ...args);
if (code === 0) {
  const next = python ? "npm run lab" : "install Python 3.10-3.13, then npm run lab";
  process.stdout.write(`\nTo go on in JupyterLab: ${next}\n`);
}
process.exit(code);
