import type { Code } from "./kernel.ts";

/** For kernels that have no way to do what is asked for, though it would mean something there. */
export const noWay = 'throw new Error("this kernel has no way to do it")';

/** Waits without blocking. */
export function sleep(milliseconds: number): Code {
  return {
    ts: `await new Promise((done) => setTimeout(done, ${milliseconds}))`,
    py: `import asyncio; await asyncio.sleep(${milliseconds / 1000})`,
  };
}

export const print = (text: string): Code => ({ ts: `console.log("${text}")`, py: `print("${text}")` });

export const fail: Code = { ts: 'throw new RangeError("bad")', py: 'raise IndexError("bad")' };

/** Fails after a while, so that what is sent behind it has reached the kernel. */
export const failLater: Code = {
  ts: 'await new Promise((done) => setTimeout(done, 1000)); throw new RangeError("bad")',
  py: 'import asyncio; await asyncio.sleep(1); raise IndexError("bad")',
};

/** Declares a variable, which may be read in later cells. */
export const set = (name: string, value: string): Code => ({
  ts: `let ${name} = ${value}`,
  py: `${name} = ${value}`,
});

/** Computes in a loop for a while. */
export function compute(milliseconds: number): Code {
  return {
    ts: `{ const end = Date.now() + ${milliseconds}; while (Date.now() < end) {} }`,
    py: `import time\nend = time.time() + ${milliseconds / 1000}\nwhile time.time() < end: pass`,
  };
}
