import { setImmediate } from "node:timers/promises";

/** Numbers of one page of memory. */
const page = 1024;
/** Pages between looks at what else there is to do. */
const slice = 2048;

/**
 * Memory for float32 that the system has really given. It gives pages when they are first written, which for large sets takes as long as
 * unpacking the file; here it happens while that goes on on another thread.
 */
async function touchedMemory(length: number): Promise<Float32Array> {
  const memory = new Float32Array(length);
  for (let at = 0, pages = 1; at < length; at += page, pages++) {
    memory[at] = 0;
    if (pages % slice === 0) await setImmediate();
  }
  return memory;
}

/**
 * Bytes as float32, into memory that is made while the bytes are read.
 *
 * @param length how many there will be, as far as can be known
 */
export function floatMemory(length: number): (bytes: Uint8Array) => Promise<Float32Array> {
  const memory = touchedMemory(length);
  return async (bytes) => {
    if (bytes.length !== length) return Float32Array.from(bytes);
    const values = await memory;
    values.set(bytes);
    return values;
  };
}
