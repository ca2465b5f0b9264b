import { canRewrite, rewritePause } from "../../jupyter/rewritable.ts";
import type { Logs } from "./logNames.ts";

const barWidth = 20;

/** A value as Keras prints it: four digits after the point, or in scientific notation when it is tiny. */
function showValue(value: number): string {
  if (Math.abs(value) > 1e-3 || value === 0) return value.toFixed(4);
  return value.toExponential(4).replace(/e([+-])(\d)$/, "e$10$2");
}

function showLogs(logs: Logs): string {
  return Object.entries(logs)
    .map(([name, value]) => ` - ${name}: ${showValue(value)}`)
    .join("");
}

/** One line of text per epoch, rewritten while the epoch runs where that can be seen. */
export interface ProgressLine {
  /** Whether enough time has passed for {@link update}. */
  due(): boolean;
  update(step: number, logs: Logs): void;
  end(step: number, logs: Logs): void;
  /** Ends a line that will not be finished. */
  leave(): void;
}

/**
 * The line of one epoch: `Epoch 3/30  14/14 ━━━━━━━━━━━━━━━━━━━━ 1.2 s 82 ms/step - accuracy: 0.5619 - loss: 0.9100`.
 *
 * @param title "Epoch 3/30"
 * @param steps batches in the epoch, where that is known
 * @param verbose 0: silent; 1: rewritten as the epoch runs; 2: written once
 */
export function progressLine(title: string, steps: number | undefined, verbose: 0 | 1 | 2): ProgressLine {
  const live = verbose === 1 && canRewrite();
  const start = performance.now();
  let last = start;
  let width = 0;
  const line = (step: number, logs: Logs) => {
    const seconds = (performance.now() - start) / 1000;
    const done = Math.round((step / (steps ?? step)) * barWidth);
    const bar = "━".repeat(done) + "╌".repeat(barWidth - done);
    const pace = `${seconds.toFixed(1)} s ${Math.round((seconds * 1000) / step)} ms/step`;
    return `${title}  ${step}/${steps ?? "?"} ${bar} ${pace}${showLogs(logs)}`;
  };
  return {
    due: () => live && performance.now() - last >= rewritePause,
    update(step, logs) {
      last = performance.now();
      const text = line(step, logs);
      process.stdout.write(`\r${text.padEnd(width)}`);
      width = text.length;
    },
    end(step, logs) {
      if (verbose === 0) return;
      const text = line(step, logs);
      process.stdout.write(`${width > 0 ? "\r" : ""}${text.padEnd(width)}\n`);
    },
    leave() {
      if (width > 0) process.stdout.write("\n");
    },
  };
}
