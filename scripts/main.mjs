import { spawn } from "node:child_process";
import { join } from "node:path";
import { root } from "./setup.mjs";

/** Runs Node with this terminal; the promise gives its exit code. Ctrl-C reaches it by the terminal, so it ends first and tidily. */
export function runNode(args, { cwd = process.cwd() } = {}) {
  const child = spawn(process.execPath, args, { cwd, stdio: "inherit" });
  const ignore = () => undefined;
  process.on("SIGINT", ignore);
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 143)));
  });
}

/** Runs a command of convoscope. */
export function convoscope(...args) {
  return runNode([join(root, "dist/cli/main.js"), ...args]);
}
