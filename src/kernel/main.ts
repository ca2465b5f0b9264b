import { startThread } from "./threads/startThread.ts";

/**
 * The process of a kernel, `dist/kernel.cjs`: what a kernelspec starts. Nothing comes before the kernel thread, which can answer
 * the front end while the rest is loaded.
 */
async function main([connectionFile = "", ...rest]: string[]): Promise<number> {
  if (connectionFile === "" || rest.length > 0) throw new Error("usage: kernel.cjs CONNECTION_FILE");
  const thread = startThread(connectionFile);
  const { runKernel } = await import("./start.ts");
  return runKernel(thread);
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: Error) => {
    process.stderr.write(`${error.name === "InputError" ? error.message : error.stack}\n`);
    process.exit(1);
  },
);
