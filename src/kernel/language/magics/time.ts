import { expressionOf } from "./expressionOf.ts";
import { formatTime } from "./formatTime.ts";
import type { Magic } from "./magic.ts";

/** Computes an expression once and says how long it took. Its value is the value of the line. */
export const time: Magic = {
  usage: "%time EXPRESSION",
  help: "how long an expression takes",
  async run(context) {
    const expression = expressionOf(context);
    const start = performance.now();
    try {
      return await expression();
    } finally {
      process.stdout.write(`Wall time: ${formatTime((performance.now() - start) / 1000)}\n`);
    }
  },
};
