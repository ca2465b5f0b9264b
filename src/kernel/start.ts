import { randomUUID } from "node:crypto";
import { extname } from "node:path";

import { setHost } from "../jupyter/host.ts";
import { packageVersion } from "../package.ts";
import { Kernel } from "./core/kernel.ts";
import { interruptFlagBytes } from "./language/interruptFlags.ts";
import { TypeScriptInterpreter } from "./language/interpreter.ts";
import { reportLateErrors } from "./language/lateErrors.ts";
import { captureOutput } from "./language/output.ts";
import { quietWarnings } from "./language/quietWarnings.ts";
import { deferExit } from "./processExit.ts";
import { readConnectionInfo } from "./transport/connectionInfo.ts";
import { ZmqTransport } from "./transport/zmqTransport.ts";

/** Puts the three layers of the kernel together and serves until a shutdown is asked for. Resolves to the exit code. */
export async function startKernel(connectionFile: string): Promise<number> {
  quietWarnings();
  const info = await readConnectionInfo(connectionFile);
  const session = randomUUID();
  const interruptMemory = new SharedArrayBuffer(interruptFlagBytes);
  const urgent = {
    module: new URL(`./language/interruptThread${extname(import.meta.url)}`, import.meta.url).href,
    data: interruptMemory,
  };
  const transport = new ZmqTransport(info, { session, urgent });
  const interpreter = new TypeScriptInterpreter({ interruptMemory });
  await transport.ready();

  const output = captureOutput((name, text) => kernel.stream(name, text));
  const kernel = new Kernel({
    transport,
    interpreter,
    implementation: { name: "convoscope", version: packageVersion() },
    session,
    log: (line) => output.stderr(`convoscope kernel: ${line}\n`),
  });
  setHost({
    notebook: true,
    display: (bundle, options) => kernel.display(bundle, options),
    get signal() {
      return interpreter.signal;
    },
  });
  // Also when idle: a signal that finds no cell to stop must not end the kernel.
  process.on("SIGINT", () => interpreter.signalled());
  reportLateErrors(interpreter.cells);
  let exitCode = 0;
  const allowExit = deferExit((code) => {
    exitCode = code;
    kernel.shutDown();
  });
  await Promise.race([kernel.run(), transport.lost()]);
  allowExit();
  return exitCode;
}
