// Our side of the measurements: reads a request a line, answers with an object a line. worker.py is Keras' side.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { root } from "../python.mjs";
import { nets } from "./nets.mjs";

const sinceStart = () => (Date.now() - Number(process.env.BENCH_STARTED)) / 1000;

const { tf, fit, backend } = await import(join(root, "dist/index.js"));
backend();
const imported = sinceStart();

/** The model that was used last and its data: one net is measured after the other. */
let current = { key: undefined, model: undefined, data: undefined };

function modelOf(name) {
  const { parameters, build, optimizer, loss } = nets.find((net) => net.name === name);
  const model = build(tf);
  const found = model.countParams();
  if (found !== parameters) throw new Error(`expected ${parameters} parameters, found ${found}`);
  if (loss !== undefined) model.compile({ optimizer: optimizer(tf), loss, metrics: ["accuracy"] });
  return model;
}

/** Noise in the shape of the net's inputs, and classes in turn. */
function dataFor(model, samples) {
  const classes = model.outputs[0].shape.at(-1);
  const shape = model.inputs[0].shape.slice(1);
  return {
    x: tf.randomUniform([samples, ...shape], 0, 1, "float32", 1),
    y: tf.tidy(() => {
      const order = tf.range(0, samples, 1, "int32");
      return classes > 1
        ? tf.oneHot(tf.mod(order, tf.scalar(classes, "int32")), classes)
        : tf.cast(tf.reshape(tf.mod(order, tf.scalar(2, "int32")), [-1, 1]), "float32");
    }),
  };
}

function prepare({ net, batch, steps }) {
  const key = `${net} ${batch} ${steps}`;
  if (current.key === key) return current;
  tf.dispose(current.data);
  if (current.key?.split(" ")[0] !== net) {
    current.model?.dispose();
    current.model = modelOf(net);
  }
  current = { key, model: current.model, data: dataFor(current.model, batch * steps) };
  return current;
}

/** Callbacks that do nothing, by how often they are called. */
const watchers = {
  none: [],
  epochs: [{ onEpochBegin: () => undefined, onEpochEnd: () => undefined }],
  batches: [{ onBatchBegin: () => undefined }],
};

const work = {
  /** Trains for some epochs. `watched` names callbacks of {@link watchers}. */
  async fit({ batch, epochs, watched = "none" }) {
    const callbacks = watchers[watched];
    const { model, data } = current;
    await fit(model, data, { epochs, batchSize: batch, verbose: 0, callbacks });
  },

  async predict({ batch }) {
    const outputs = current.model.predict(current.data.x, { batchSize: batch });
    await outputs.data();
    outputs.dispose();
  },
};

/** The first call of a fresh process, which has to prepare everything, and the second. */
async function first(request) {
  const { task } = request;
  prepare(request);
  const built = sinceStart();
  await work[task](request);
  const done = sinceStart();
  await work[task](request);
  return { imported, first: done - built, total: done, second: sinceStart() - done, peak: peakMemory() };
}

/** The most memory that the process has held, in bytes. */
function peakMemory() {
  const status = "/proc/self/status";
  if (!existsSync(status)) return process.resourceUsage().maxRSS * 1024;
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(status, "utf8"))[1]) * 1024;
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  let answer;
  try {
    if (request.work === "first") answer = await first(request);
    else {
      prepare(request);
      const started = performance.now();
      await work[request.work](request);
      answer = { seconds: (performance.now() - started) / 1000 };
    }
  } catch (error) {
    answer = { error: error.message };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
process.exit();
