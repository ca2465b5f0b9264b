import { existsSync } from "node:fs";
import { chromium, program, python, realData } from "./paths.ts";

/**
 * Gives what a test needs. Where that is undefined the test is skipped — in `before`, every test of the suite — and the reporter names
 * the reason. All tests skip by this and by the functions made of it, which stand in `before` or are called in a test:
 *
 *     before(needPython);
 *     it("…", function () {
 *       const directory = needRealData.call(this);
 */
export function need<Value>(context: Mocha.Context, found: Value | undefined, reason: string): Value {
  if (found !== undefined) return found;
  const running = context.test as Mocha.Test | Mocha.Hook;
  Object.assign(running.type === "hook" ? running.parent! : running, { skipReason: reason });
  return context.skip();
}

/** The Python of `.venv`, which has Keras, TensorFlow and Jupyter. */
export function needPython(this: Mocha.Context): string {
  return need(this, python, "no Python in .venv: run npm run setup");
}

/** The command line program as users start it. */
export function needProgram(this: Mocha.Context): string {
  return need(this, existsSync(program) ? program : undefined, "no dist/cli/main.js: run npm run build");
}

/** The browser. */
export function needChromium(this: Mocha.Context): string {
  return need(this, chromium, "no chromium on the PATH: install it, or name it by CHROMIUM");
}

/** The directory of real data. */
export function needRealData(this: Mocha.Context): string {
  return need(this, realData, "no real data: name its directory by CONVOSCOPE_DATA");
}

/** Linux, where a test looks at what other systems do not have. */
export function needLinux(this: Mocha.Context): void {
  need(this, process.platform === "linux" ? true : undefined, `${process.platform} is not linux`);
}
