import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { root } from "../python.mjs";

const commands = {
  ours: [process.execPath, join(root, "bench/train/worker.mjs")],
  keras: [join(root, ".venv/bin/python"), join(root, "bench/train/worker.py")],
};

/**
 * A process that measures one side, `ours` or `keras`. It is told what to do line by line and lives until `close`, so
 * that a round costs only what is measured.
 *
 * @param {keyof typeof commands} name
 */
export function startSide(name) {
  const [command, script] = commands[name];
  if (!existsSync(command)) throw new Error("bench: expected .venv, found none; run npm run setup");
  const child = spawn(command, [script], {
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: "3", BENCH_STARTED: String(Date.now()) },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let said = "";
  let waiting;
  child.stderr.on("data", (chunk) => (said = (said + chunk).slice(-2000)));
  createInterface({ input: child.stdout }).on("line", (line) => {
    // Libraries may say something too; answers are objects.
    if (line.startsWith("{")) waiting?.resolve(JSON.parse(line));
  });
  const gone = new Promise((_, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => reject(new Error(`${name} ended by ${signal ?? code}: ${said}`)));
  });
  gone.catch(() => undefined);
  return {
    /** Asks for one measurement: `{ work: "fit", net: "exo7", batch: 32, steps: 200, epochs: 1 }`. */
    async ask(request) {
      waiting = Promise.withResolvers?.() ?? newDeferred();
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const { error, ...answer } = await Promise.race([waiting.promise, gone]);
      if (error !== undefined) throw new Error(`${name}, ${request.work} of ${request.net}: ${error}`);
      return answer;
    },
    close() {
      child.stdin.end();
    },
  };
}

function newDeferred() {
  const deferred = {};
  deferred.promise = new Promise((resolve, reject) => Object.assign(deferred, { resolve, reject }));
  return deferred;
}
