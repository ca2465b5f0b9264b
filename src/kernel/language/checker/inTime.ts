import { setTimeout as wait } from "node:timers/promises";

/** How long a value is waited for, in milliseconds: a cell may be computing. */
const patience = 50;

/** What a value of the session tells; `otherwise` when it tells nothing in time. */
export async function inTime<T>(answer: Promise<T>, otherwise: T): Promise<T> {
  const timer = new AbortController();
  const tooLate = wait(patience, otherwise, { signal: timer.signal }).catch(() => otherwise);
  try {
    return await Promise.race([answer, tooLate]);
  } catch {
    return otherwise;
  } finally {
    timer.abort();
  }
}
