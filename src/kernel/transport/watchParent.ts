/** How often to look, and how long the process may take to end by itself, in milliseconds. */
const interval = 1000;
const grace = 2000;

/**
 * Ends the process when the one that started it has died: nobody could ever stop it, and it holds memory. Jupyter says by an
 * environment variable that it wants this. Called in the socket thread, which a busy cell does not hold up.
 */
export function watchParent(): void {
  if (process.env.JPY_PARENT_PID === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, "SIGTERM");
    setTimeout(() => process.kill(process.pid, "SIGKILL"), grace);
  }, interval);
  timer.unref();
}
