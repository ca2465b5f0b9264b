import { workerData } from "node:worker_threads";

/**
 * The thread behind endWithParent: a process whose parent is gone gets another one. Its whole group is ended if it leads
 * one, as kernels do, so that nothing that a cell started is left either.
 */
const parent = workerData as number;

setInterval(() => {
  if (process.ppid === parent) return;
  for (const target of [-process.pid, process.pid]) {
    try {
      process.kill(target, "SIGKILL");
    } catch {
      // It leads no group.
    }
  }
}, 1000);
