/** How often to look, and how long the process may take to end by itself, in milliseconds. */
const interval = 1000;
const grace = 500;

/**
 * Ends the process when the one that started it has died: nobody could ever stop it, and it holds memory. Jupyter says by an
 * environment variable that it wants this; not on Windows, where a process never learns of it. Called in the socket thread,
 * which a busy cell does not hold up; `orphaned` is called first.
 */
export function watchParent(orphaned: () => void): void {
  if (process.env.JPY_PARENT_PID === undefined || process.platform === "win32") return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    // An orphan gets another parent.
    if (process.ppid === parent) return;
    clearInterval(timer);
    orphaned();
    endGroup("SIGTERM");
    setTimeout(() => endGroup("SIGKILL"), grace);
  }, interval);
  timer.unref();
}

/** Signals the whole group where the process leads one, as kernels do, so that nothing that a cell started is left either. */
function endGroup(signal: NodeJS.Signals): void {
  for (const target of [-process.pid, process.pid]) {
    try {
      process.kill(target, signal);
    } catch {
      // It leads no group.
    }
  }
}
