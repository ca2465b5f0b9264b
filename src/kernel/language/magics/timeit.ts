import { expressionOf } from "./expressionOf.ts";
import { formatTime } from "./formatTime.ts";
import type { Magic, MagicContext } from "./magic.ts";

/** Loops are repeated until one run of them takes so many seconds. */
const enough = 0.2;
const runs = 7;
/** After so many seconds of a loop it is time to look whether the user has pressed stop. */
const patience = 0.01;

/** Computes an expression so often that a mean can be given, as Python's `%timeit`. */
export const timeit: Magic = {
  usage: "%timeit EXPRESSION",
  help: "how long an expression takes on average, over many loops",
  async run(context) {
    const expression = expressionOf(context);
    let loops = 1;
    let seconds = await measure(expression, loops, 1, context);
    for (let digit = 0; seconds < enough; digit++) {
      const perLoop = seconds / loops;
      loops = [2, 5, 10][digit % 3]! * 10 ** Math.floor(digit / 3);
      seconds = await measure(expression, loops, chunkFor(perLoop), context);
    }
    const chunk = chunkFor(seconds / loops);
    const perLoop: number[] = [];
    for (let run = 0; run < runs; run++)
      perLoop.push((await measure(expression, loops, chunk, context)) / loops);
    const mean = perLoop.reduce((sum, each) => sum + each, 0) / runs;
    const variance = perLoop.reduce((sum, each) => sum + (each - mean) ** 2, 0) / runs;
    const count = `${runs} runs, ${loops.toLocaleString("en")} ${loops === 1 ? "loop" : "loops"} each`;
    process.stdout.write(
      `${formatTime(mean)} ± ${formatTime(Math.sqrt(variance))} per loop (mean ± std. dev. of ${count})\n`,
    );
  },
};

function chunkFor(perLoop: number): number {
  return Math.max(1, Math.floor(patience / Math.max(perLoop, 1e-9)));
}

/** The seconds that so many loops take. What is no promise is not awaited, which would take longer than most expressions. */
async function measure(
  expression: () => unknown,
  loops: number,
  chunk: number,
  { checkInterruption, watch }: MagicContext,
): Promise<number> {
  // To be reached by the stop button takes time, which only a slow expression does not feel; and only that one needs it.
  const compute = chunk === 1 ? () => watch(expression) : expression;
  const start = performance.now();
  for (let done = 0; done < loops;) {
    for (const end = Math.min(done + chunk, loops); done < end; done++) {
      const value = compute();
      if (value instanceof Promise) await value;
    }
    checkInterruption();
  }
  return (performance.now() - start) / 1000;
}
