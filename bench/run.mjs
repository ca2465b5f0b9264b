// `npm run bench [-- shapes|datasets|grids|kernel|checker|train …]`: measures side by side with Python and prints ratios.
// Training, which takes longest, can be told what to measure: `npm run bench:train -- --nets exo7,lenet --rounds 5`.
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { measureChecker } from "./checker/measure.mjs";
import { measureDatasets } from "./datasets/measure.mjs";
import { measureGrids } from "./grids/measure.mjs";
import { measureKernels } from "./kernel/measure.mjs";
import { measureShapes } from "./shapes/measure.mjs";
import { measureTrain } from "./train/measure.mjs";

const measurements = {
  kernel: measureKernels,
  checker: measureChecker,
  grids: measureGrids,
  shapes: measureShapes,
  datasets: measureDatasets,
  train: measureTrain,
};

const { positionals: chosen, values } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string" },
    nets: { type: "string" },
    parts: { type: "string" },
    quick: { type: "boolean" },
  },
});
const { rounds, nets, parts, quick } = values;
const options = {
  ...(rounds !== undefined && { rounds: Number(rounds) }),
  ...(nets !== undefined && { nets: nets.split(",") }),
  ...(parts !== undefined && { parts: parts.split(",") }),
  ...(quick !== undefined && { quick }),
};
const unknown = chosen.find((name) => !(name in measurements));
if (unknown !== undefined) {
  process.stderr.write(`bench: expected ${Object.keys(measurements).join(", ")}, found ${unknown}\n`);
  process.exit(1);
}
process.stdout.write(
  `Node.js ${process.version}, ${cpus().length} × ${cpus()[0].model}; medians (least-most)\n`,
);
for (const name of chosen.length > 0 ? chosen : Object.keys(measurements)) {
  for (const line of await measurements[name](options)) process.stdout.write(`${line}\n`);
}
