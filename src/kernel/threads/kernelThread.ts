import { randomUUID } from "node:crypto";
import { workerData } from "node:worker_threads";

import { packageVersion } from "../../package.ts";
import { openHistory } from "../core/history/fileHistory.ts";
import { Kernel } from "../core/kernel.ts";
import { readConnectionInfo, type ConnectionInfo } from "../transport/connectionInfo.ts";
import { watchParent } from "../transport/watchParent.ts";
import { ZmqTransport } from "../transport/zmqTransport.ts";
import { signalDescendants } from "./descendants.ts";
import { describeFatal, notStopped } from "./fatal.ts";
import type { KernelThreadData } from "./messages.ts";
import { RemoteInterpreter } from "./remoteInterpreter.ts";

/** How long the main thread may take to end the process, in milliseconds. */
const grace = 500;

const data = workerData as KernelThreadData;
const session = randomUUID();

async function main(): Promise<void> {
  const info = await readConnectionInfo(data.connectionFile);
  const transport = new ZmqTransport(info, { session });
  await transport.bind();
  try {
    await serve(transport, info);
  } catch (error) {
    // Sockets that are open when their thread ends take the process with them, and the reason too.
    await transport.close();
    throw error;
  }
}

/** Serves until a shutdown is asked for, then lets the main thread end the process. */
async function serve(transport: ZmqTransport, { ports }: ConnectionInfo): Promise<void> {
  watchParent();
  let log = (line: string): void => void process.stderr.write(line);
  const say = (line: string): void => log(`convoscope kernel: ${line}\n`);
  const interpreter = new RemoteInterpreter(data, () => {
    interpreter.fail(notStopped);
    kernel.shutDown();
  });
  const kernel = new Kernel({
    transport,
    interpreter,
    implementation: { name: "convoscope", version: packageVersion() },
    session,
    history: openHistory({ log: say }),
    ports,
    log: say,
  });
  const served = kernel.run();
  // Loaded when the front end has its first answer; what the main thread sends waits in its port.
  const { captureNativeOutput } = await import("./nativeOutput.ts");
  const native = captureNativeOutput(
    (name, text) => kernel.stream(undefined, name, text),
    (reason) => {
      interpreter.fail(describeFatal(reason));
      kernel.shutDown();
    },
  );
  log = native.log;
  interpreter.serve(kernel, native.drain);
  await served;
  signalDescendants("SIGTERM");
  interpreter.end();
  // A cell that computes, or native code that waits, keeps the main thread from hearing it.
  setTimeout(() => process.kill(process.pid, "SIGKILL"), grace);
}

void main();
