// Training and predicting beside Keras on the same machine and the same TensorFlow. Each side is a process that lives as
// long as a net is measured; the two take turns, so that what else the machine does falls on both.
import { median } from "../statistics.mjs";
import { nets as allNets } from "./nets.mjs";
import { startSide } from "./side.mjs";
import { callbackTable, fitTable, predictTable, startTable } from "./tables.mjs";

const parts = ["fit", "predict", "start", "callbacks"];
/** After so many steps that nobody watches, several of them are one call. */
const untilTogether = 1000;

/**
 * @param {object} options
 * @param {number} [options.rounds] how often each thing is measured; default 5
 * @param {string[]} [options.nets] names from nets.mjs; default all
 * @param {string[]} [options.parts] what is measured: fit, predict, start, callbacks; default all
 * @param {boolean} [options.quick] two short rounds, to see that all of it works; the numbers mean nothing
 * @returns {Promise<string[]>} tables in Markdown
 */
export async function measureTrain({ quick = false, rounds = quick ? 2 : 5, ...chosen } = {}) {
  const nets = choose("nets", allNets, chosen.nets, ({ name }) => name);
  const wanted = choose("parts", parts, chosen.parts, (name) => name);
  const rows = { fit: [], predict: [], start: [], callbacks: [] };
  for (const net of quick ? nets.map(shorten) : nets) {
    const started = performance.now();
    process.stderr.write(`${net.name} … `);
    try {
      if (wanted.includes("start")) rows.start.push(await measureStart(net, Math.min(rounds, 3)));
      await measureNet(net, rounds, wanted, rows);
      process.stderr.write(`${((performance.now() - started) / 1000).toFixed(0)} s\n`);
    } catch (error) {
      // One net that cannot be measured does not cost the others.
      process.stderr.write(`${error.message}\n`);
      process.exitCode = 1;
    }
  }
  const tables = {
    fit: fitTable(rows.fit),
    predict: predictTable(rows.predict),
    start: startTable(rows.start),
    callbacks: callbackTable(rows.callbacks),
  };
  return wanted.filter((part) => rows[part].length > 0).flatMap((part) => [...tables[part], ""]);
}

function choose(option, known, names, nameOf) {
  if (names === undefined) return known;
  const list = known.map(nameOf);
  const unknown = names.find((name) => !list.includes(name));
  if (unknown !== undefined) {
    throw new Error(`bench: expected --${option} among ${list.join(", ")}, found ${unknown}`);
  }
  return known.filter((one) => names.includes(nameOf(one)));
}

const shorten = (net) => ({ ...net, steps: Math.min(net.steps, 10), epochs: 1 });

async function measureNet(net, rounds, wanted, rows) {
  const sides = { ours: startSide("ours"), keras: startSide("keras") };
  try {
    const { name, title, work: task, small, steps, epochs } = net;
    for (const batch of net.batches) {
      const request = { net: name, task, batch, steps, epochs };
      const row = { title, batch, small, task };
      if (wanted.includes("fit")) {
        const runs = [
          ["keras", { ...request, work: task }],
          ["ours", { ...request, work: task }],
          ["keras", { ...request, work: "floor" }, "floor"],
        ];
        rows.fit.push({ ...row, ...(await interleave(sides, runs, rounds, steps * epochs)) });
      }
      if (wanted.includes("callbacks") && small && batch === net.batches[0]) {
        const short = { ...request, work: "fit", steps: Math.min(steps, 25), epochs: epochs * 8 };
        const warmUp = 2 + Math.ceil(untilTogether / short.steps);
        const runs = [
          ["ours", { ...short, warmUp }, "none"],
          ["ours", { ...short, watched: "epochs" }, "watched"],
          ["ours", { ...short, watched: "batches" }, "each"],
        ];
        rows.callbacks.push({
          ...row,
          ...(await interleave(sides, runs, rounds, short.steps * short.epochs)),
        });
      }
    }
    if (wanted.includes("predict") && task === "fit") {
      for (const batch of small ? [32, 256] : net.batches) {
        const request = {
          net: name,
          task,
          batch,
          steps: small ? Math.min(8, Math.ceil(steps / 5)) : steps,
          epochs: 1,
          work: "predict",
        };
        const runs = ["keras", "ours"].map((side) => [side, request]);
        const row = { title, batch, small, task };
        rows.predict.push({ ...row, ...(await interleave(sides, runs, rounds, request.steps)) });
      }
    }
  } finally {
    for (const side of Object.values(sides)) side.close();
  }
}

/** Milliseconds a step of each run, once a round; each second round goes the other way round, against drift. */
async function interleave(sides, runs, rounds, steps) {
  const times = {};
  for (const [side, request] of runs) await sides[side].ask({ ...request, epochs: request.warmUp ?? 1 });
  for (let round = 0; round < rounds; round++) {
    for (const [side, request, label = side] of round % 2 === 0 ? runs : runs.toReversed()) {
      const { seconds } = await sides[side].ask(request);
      (times[label] ??= []).push((seconds * 1000) / steps);
    }
  }
  return times;
}

/** What a fresh process takes to its first step, and the memory it holds after two. */
async function measureStart({ name, title, work: task, batches: [batch], small }, rounds) {
  const runs = { ours: [], keras: [] };
  for (let round = 0; round < rounds; round++) {
    for (const side of ["keras", "ours"]) {
      const started = startSide(side);
      try {
        runs[side].push(await started.ask({ work: "first", net: name, task, batch, steps: 1, epochs: 1 }));
      } finally {
        started.close();
      }
    }
  }
  const middles = (list) =>
    Object.fromEntries(Object.keys(list[0]).map((key) => [key, median(list.map((one) => one[key]))]));
  return { title, batch, small, task, ours: middles(runs.ours), keras: middles(runs.keras) };
}
