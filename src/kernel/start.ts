import { notebookGlobals } from "../jupyter/globals.ts";
import { setHost, type Host } from "../jupyter/host.ts";
import { TypeScriptInterpreter } from "./language/interpreter.ts";
import { interruptFlags } from "./language/interruptFlags.ts";
import { reportLateErrors } from "./language/lateErrors.ts";
import { captureOutput } from "./language/output.ts";
import { quietWarnings } from "./language/quietWarnings.ts";
import { watchSigint } from "./language/watchSigint.ts";
import { deferExit } from "./processExit.ts";
import { PortFrontend } from "./threads/portFrontend.ts";
import { serveRunner } from "./threads/serveRunner.ts";
import { startThread, type KernelThread } from "./threads/startThread.ts";
import { UserInput } from "./threads/userInput.ts";

/** Starts a kernel and runs it until a shutdown is asked for. Resolves to the exit code. */
export function startKernel(connectionFile: string): Promise<number> {
  return runKernel(startThread(connectionFile));
}

/** Runs cells on this thread, for the kernel thread that talks to the front end. Resolves to the exit code of the process. */
export async function runKernel({
  worker,
  failed,
  port,
  interruptMemory,
  inputPort,
}: KernelThread): Promise<number> {
  quietWarnings();
  // Gives the kernel thread the time to say that the process ends: see nativeOutput.ts.
  process.report.reportOnFatalError = true;
  process.report.filename = "stderr";
  const frontend = new PortFrontend(port);
  const interpreter = interpreterFor(frontend, interruptMemory);
  const userInput = new UserInput(inputPort, interruptFlags(interruptMemory));
  const releaseOutput = captureOutput((name, text) => frontend.stream(name, text));
  setHost(hostOf(frontend, interpreter, userInput));
  watchSigint();
  reportLateErrors(interpreter.cells);
  let exitCode = 0;
  const allowExit = deferExit((code) => {
    exitCode = code;
    frontend.exit();
  });
  const ended = new Promise<void>((resolve) =>
    serveRunner(port, {
      runner: interpreter,
      inspected: (id, bundle) => frontend.inspected(id, bundle),
      end: resolve,
    }),
  );
  try {
    await Promise.race([ended, failed]);
  } finally {
    allowExit();
    releaseOutput();
  }
  await worker.terminate();
  return exitCode;
}

function interpreterFor(frontend: PortFrontend, interruptMemory: SharedArrayBuffer): TypeScriptInterpreter {
  return new TypeScriptInterpreter({
    interruptMemory,
    builtins: notebookGlobals(),
    moduleOverrides: { tslab: new URL("../jupyter/shims/tslab.js", import.meta.url).href },
    background: (group) => frontend.background(group),
    inspect: (name, detail) => frontend.inspect({ code: name, offset: name.length, detail }),
  });
}

/** What the library finds in a cell: the front end at the other side of the port. */
function hostOf(frontend: PortFrontend, interpreter: TypeScriptInterpreter, userInput: UserInput): Host {
  return {
    notebook: true,
    display: (bundle, options) => frontend.display(bundle, options),
    clearOutput: (options) => frontend.clearOutput(options),
    sendComm: (message) => frontend.comm(message),
    input: (prompt, options) => userInput.line((id) => frontend.input(id, prompt, options)),
    inputSync: (prompt, options) =>
      userInput.lineSync(
        (id) => frontend.input(id, prompt, options),
        () => interpreter.check(),
      ),
    get signal() {
      return interpreter.signal;
    },
  };
}
