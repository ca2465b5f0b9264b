// Type notes, completion and hover in growing sessions. The first figure of each is what the kernel does before the first cell.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median } from "../statistics.mjs";

const plain = (i) => `interface Item${i} { name: string; size: number }
const items${i} = [1, 2, 3].map((n) => ({ name: String(n + ${i}), size: n + total${i - 1} }));
function sum${i}(items: Item${i}[]) { return items.reduce((sum, { size }) => sum + size, 0); }
let total${i} = sum${i}(items${i});
console.log(new Map(items${i}.map((item) => [item.name, item])), total${i});`;

const tensors = (
  i,
) => `const model${i} = tf.sequential({ layers: [tf.layers.conv2d({ inputShape: [28, 28, 1], filters: 8, kernelSize: 3 })] });
model${i}.compile({ optimizer: tf.train.adam(1e-3), loss: "meanSquaredError" });
const x${i} = tf.randomNormal([8, 28, 28, 1]);
const history${i} = await model${i}.fit(x${i}, x${i}, { epochs: 2, validationSplit: 0.5 });
console.log(history${i}.history.loss, x${i}.mean().dataSync()[0]);`;

/** The cells of each session, and what is completed at its end. */
const sessions = {
  "60 plain cells": { count: 60, first: "let total0 = 0;", cell: plain, typed: (i) => `items${i}.` },
  "200 plain cells": { count: 200, first: "let total0 = 0;", cell: plain, typed: (i) => `items${i}.` },
  "30 cells with TensorFlow.js": {
    count: 30,
    first: 'import * as tf from "@tensorflow/tfjs";',
    cell: tensors,
    typed: (i) => `model${i}.`,
  },
};

export async function measureChecker() {
  const { TypeService } = await import("../../dist/kernel/language/checker/typeService.js");
  const directory = await mkdtemp(join(tmpdir(), "convoscope-"));
  const lines = Object.entries(sessions).map(
    ([title, session]) => `types, ${title}: ${measure(new TypeService({ directory }), session)}`,
  );
  await rm(directory, { recursive: true });
  return lines;
}

function measure(service, { count, first, cell, typed }) {
  const warmUp = time(() => service.warmUp());
  const check = (id, code) =>
    time(() => {
      service.add({ id, code });
      const found = service.diagnose(id);
      if (found.length > 0) throw new Error(`bench: expected no type errors, found ${JSON.stringify(found)}`);
    });
  const firstCell = check(0, first);
  const times = { check: [], members: [], "a letter more": [], names: [], hover: [] };
  for (let i = 1; i <= count; i++) {
    times.check.push(check(i, cell(i)));
    const code = `${cell(i + 1)}\n${typed(i)}`;
    times.members.push(time(() => service.complete(code, code.length)));
    times["a letter more"].push(time(() => service.complete(`${code}f`, code.length + 1)));
    times.hover.push(time(() => service.inspect(`${code}f`, code.length - 3, 0)));
    times.names.push(time(() => service.complete("to", 2)));
  }
  const medians = Object.entries(times).map(
    ([name, values]) => `${name} ${median(values).toFixed(0)} (most ${Math.max(...values).toFixed(0)})`,
  );
  const firsts = `warm-up ${warmUp.toFixed(0)} ms, first cell ${firstCell.toFixed(0)}, first members ${times.members[0].toFixed(0)}`;
  return `${firsts}; medians: ${medians.join(", ")}`;
}

function time(work) {
  const start = performance.now();
  work();
  return performance.now() - start;
}
