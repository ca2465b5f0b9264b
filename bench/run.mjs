// `npm run bench [-- shapes|datasets|pictures|grids|summary|reasons|kernel|checker|memory|wasm …]`: measures side by side with Python and prints ratios.
// `npm run bench:train` is `npm run bench -- train`, which takes too long to be among those that are measured when none is
// named. It can be told what to measure: --rounds 5 --nets exo7,lenet --parts fit,predict,start,callbacks --quick.
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { measureChecker } from "./checker/measure.mjs";
import { measureDatasets } from "./datasets/measure.mjs";
import { measureFiles } from "./files/measure.mjs";
import { measureGrids } from "./grids/measure.mjs";
import { measureKernels } from "./kernel/measure.mjs";
import { measureMemory } from "./memory/measure.mjs";
import { measurePictures } from "./pictures/measure.mjs";
import { measureReasons } from "./reasons/measure.mjs";
import { measureShapes } from "./shapes/measure.mjs";
import { measureSummary } from "./summary/measure.mjs";
import { measureTrain } from "./train/measure.mjs";
import { measureWasm } from "./wasm/measure.mjs";

const measurements = {
  kernel: measureKernels,
  checker: measureChecker,
  files: measureFiles,
  grids: measureGrids,
  summary: measureSummary,
  reasons: measureReasons,
  shapes: measureShapes,
  datasets: measureDatasets,
  pictures: measurePictures,
  memory: measureMemory,
  wasm: measureWasm,
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
if (rounds !== undefined && !(Number.isInteger(options.rounds) && options.rounds > 0)) {
  process.stderr.write(`bench: expected --rounds of at least 1, found ${rounds}\n`);
  process.exit(1);
}
const unknown = chosen.find((name) => !(name in measurements));
if (unknown !== undefined) {
  process.stderr.write(`bench: expected ${Object.keys(measurements).join(", ")}, found ${unknown}\n`);
  process.exit(1);
}
process.stdout.write(
  `Node.js ${process.version}, ${cpus().length} × ${cpus()[0].model}; medians (least-most)\n`,
);
const usual = Object.keys(measurements).filter((name) => name !== "train");
try {
  for (const name of chosen.length > 0 ? chosen : usual) {
    for (const line of await measurements[name](options)) process.stdout.write(`${line}\n`);
  }
} catch (error) {
  process.stderr.write(`${error.message.startsWith("bench: ") ? error.message : error.stack}\n`);
  process.exit(1);
}
