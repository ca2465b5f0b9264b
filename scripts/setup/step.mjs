import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

const keptLines = 30;

/**
 * Runs a command and shows that it lives: on a terminal its newest line and the seconds, elsewhere one line at the start
 * and one at the end. If it fails, its last lines are printed and the promise is rejected.
 */
export async function runStep(title, command, args, { cwd, env = process.env } = {}) {
  const started = Date.now();
  const tail = [];
  const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
  const terminal = process.stderr.isTTY;
  const show = () => {
    const line = `  ${title} · ${seconds()} · ${tail.at(-1) ?? ""}`;
    process.stderr.write(`\r\x1b[K${line.slice(0, (process.stderr.columns ?? 80) - 1)}`);
  };
  if (!terminal) process.stderr.write(`  ${title} …\n`);
  const ticker = terminal ? setInterval(show, 250) : undefined;
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      if (line.trim() === "") return;
      tail.push(line.trim());
      if (tail.length > keptLines) tail.shift();
    });
  }
  try {
    const code = await new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    if (code !== 0)
      throw new Error(
        `${title}: ${command} ended with code ${code}\n${tail.map((l) => `    ${l}`).join("\n")}`,
      );
  } finally {
    clearInterval(ticker);
    if (terminal) process.stderr.write("\r\x1b[K");
  }
  process.stderr.write(`  ${title}: done in ${seconds()}\n`);
}
