/**
 * Sends a signal to all processes of a group, which is called as the one that leads it; on Windows, where there are none, to that one.
 * False when nothing of it is left. The signal 0 only asks.
 */
export function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(process.platform === "win32" ? leader : -leader, signal);
  } catch {
    return false;
  }
}
