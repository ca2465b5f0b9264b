import { freemem, totalmem } from "node:os";

/** The memory of this machine, or what this process may take of it, and how much of that is free, in bytes. */
export function hostMemory(): { all: number; free: number } {
  // Zero, or a number beyond all memory, where there is no limit.
  const limit = process.constrainedMemory();
  const all = limit > 0 ? Math.min(limit, totalmem()) : totalmem();
  return { all, free: Math.min(freemem(), all) };
}
