import { randomUUID } from "node:crypto";
import { writeSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { workerData } from "node:worker_threads";

import { packageVersion } from "../../package.ts";
import type { Failure } from "../core/interpreter.ts";
import { openHistory } from "../core/history/fileHistory.ts";
import { Kernel } from "../core/kernel.ts";
import { readConnectionInfo, type ConnectionInfo } from "../transport/connectionInfo.ts";
import { watchParent } from "../transport/watchParent.ts";
import { ZmqTransport } from "../transport/zmqTransport.ts";
import { BackgroundJobs } from "./backgroundJobs.ts";
import { endDescendants } from "./descendants.ts";
import { describeFatal, notStopped } from "./fatal.ts";
import type { KernelThreadData } from "./messages.ts";
import { MainThread } from "./mainThread.ts";
import { RemoteInterpreter } from "./remoteInterpreter.ts";

/** How long the main thread may take to end the process, in milliseconds. */
const grace = 500;

/** What a front end's first answer does not need is loaded so long after the sockets are open, in milliseconds; TypeScript later. */
const afterFirstAnswer = 10;
const leisure = 300;

const data = workerData as KernelThreadData;
const session = randomUUID();

async function start(): Promise<void> {
  const info = await readConnectionInfo(data.connectionFile);
  const transport = new ZmqTransport(info, { session });
  try {
    await transport.bind();
    await serve(transport, info);
  } catch (error) {
    // Sockets that are open when their thread ends take the process with them, and the reason too.
    await transport.close();
    throw error;
  }
}

/** Serves until a shutdown is asked for, then lets the main thread end the process. */
async function serve(transport: ZmqTransport, { ports }: ConnectionInfo): Promise<void> {
  const jobs = new BackgroundJobs();
  watchParent(() => jobs.hangUp());
  let log = (line: string): void => void writeSync(2, line);
  const say = (line: string): void => log(`convoscope kernel: ${line}\n`);
  const giveUp = (failure: Failure): void => {
    main.fail(failure);
    kernel.shutDown();
  };
  const main = new MainThread(data, () => giveUp(notStopped));
  const types = delay(afterFirstAnswer)
    .then(() => import("./sessionTypes.ts"))
    .then(({ SessionTypes }) => new SessionTypes({ directory: data.directory, log: say }));
  const interpreter = new RemoteInterpreter({ main, types, inputPort: data.inputPort, jobs });
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
  await types;
  // Until then, what the main thread sends waits in its port.
  const { captureNativeOutput } = await import("./nativeOutput.ts");
  const native = captureNativeOutput(
    (name, text) => kernel.stream(undefined, name, text),
    (reason) => giveUp(describeFatal(reason)),
  );
  log = native.log;
  interpreter.serve(kernel, native.drain);
  const warmUp = setTimeout(() => void types.then((loaded) => loaded.warmUp()), leisure);
  await served;
  clearTimeout(warmUp);
  jobs.hangUp();
  await Promise.all([endDescendants(), types.then((loaded) => loaded.close())]);
  main.end();
  // A cell that computes, or native code that waits, keeps the main thread from hearing it.
  setTimeout(() => process.kill(process.pid, "SIGKILL"), grace);
}

void start();
