// `npm run bench [-- shapes|grids|kernel|checker …]`: measures side by side with Python and prints ratios.
import { cpus } from "node:os";
import { measureChecker } from "./checker/measure.mjs";
import { measureGrids } from "./grids/measure.mjs";
import { measureKernels } from "./kernel/measure.mjs";
import { measureShapes } from "./shapes/measure.mjs";

const measurements = {
  kernel: measureKernels,
  checker: measureChecker,
  grids: measureGrids,
  shapes: measureShapes,
};

const chosen = process.argv.slice(2);
const unknown = chosen.find((name) => !(name in measurements));
if (unknown !== undefined) {
  process.stderr.write(`bench: expected ${Object.keys(measurements).join(", ")}, found ${unknown}\n`);
  process.exit(1);
}
process.stdout.write(
  `Node.js ${process.version}, ${cpus().length} × ${cpus()[0].model}; medians (least-most)\n`,
);
for (const name of chosen.length > 0 ? chosen : Object.keys(measurements)) {
  for (const line of await measurements[name]()) process.stdout.write(`${line}\n`);
}
