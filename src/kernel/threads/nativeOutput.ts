import { fstatSync, writeSync } from "node:fs";
import { Socket } from "node:net";
import koffi from "koffi";

type Name = "stdout" | "stderr";

/** What is written to the descriptors 1 and 2 by those who do not ask JavaScript: child processes and native libraries. */
export interface NativeOutput {
  /** Hands on what was written by now, so that what follows it comes after it. */
  drain: () => void;
  /** Writes to what was the standard error stream before. */
  log: (line: string) => void;
}

const numbers = { stdout: 1, stderr: 2 };

/** The numbers of fcntl's commands are the same wherever this runs, but for the size of a pipe, which only Linux can change. */
const setDescriptorFlags = 2;
const closeOnExec = 1;
const setPipeSize = 1031;
const smallestPipe = 4096;

/** How Node says that it is about to abort. */
const fatal = /^FATAL ERROR: .*/m;

const bufferBytes = 1 << 16;

type Sink = (name: Name, text: string) => void;

/**
 * Lets the process' own descriptors 1 and 2 lead into pipes, and gives `sink` what comes out of them. Called on a thread that no
 * cell keeps busy: who writes waits once a pipe is full. `onFatal` is told why Node is about to end the process, which then hangs
 * in the writing of its report, and is to be ended. Does nothing on Windows.
 */
export function captureNativeOutput(sink: Sink, onFatal: (reason: string) => void): NativeOutput {
  if (process.platform === "win32")
    return { drain: () => undefined, log: (line) => void writeSync(numbers.stderr, line) };
  const libc = loadLibc();
  const original = libc.dup(numbers.stderr);
  libc.fcntl(original, setDescriptorFlags, "int", closeOnExec);
  const drains = (["stdout", "stderr"] as const).map((name) => captureStream(name, libc, sink, onFatal));
  return {
    drain: () => drains.forEach((drain) => drain()),
    log: (line) => void (isOpen(original) && writeSync(original, line)),
  };
}

/** Captures one of the two. Returns what reads all that has been written by now. */
function captureStream(name: Name, libc: Libc, sink: Sink, onFatal: (reason: string) => void): () => void {
  const ends = [0, 0];
  libc.pipe(ends);
  const [reading, writing] = ends as [number, number];
  libc.fcntl(reading, setDescriptorFlags, "int", closeOnExec);
  libc.dup2(writing, numbers[name]);
  libc.close(writing);
  const decoder = new TextDecoder();
  let ending = false;
  const take = (bytes: Uint8Array): void => {
    const text = decoder.decode(bytes, { stream: true });
    if (text !== "") sink(name, text);
    const reason = fatal.exec(text);
    if (reason === null) return;
    // What nobody reads soon keeps the writer waiting, and with it the end.
    ending = true;
    socket.pause();
    libc.fcntl(reading, setPipeSize, "int", smallestPipe);
    onFatal(reason[0]);
  };
  // From here on a read from the pipe does not wait.
  const socket = new Socket({ fd: reading, readable: true, writable: false });
  socket.on("data", take);
  socket.unref();
  const buffer = new Uint8Array(bufferBytes);
  return () => {
    while (!ending) {
      const bytes = libc.read(reading, buffer, bufferBytes);
      if (bytes <= 0) return;
      take(buffer.subarray(0, bytes));
    }
  };
}

type Libc = ReturnType<typeof loadLibc>;

/** What of the C library works on descriptors. */
function loadLibc() {
  const libc = koffi.load(null);
  return {
    pipe: libc.func("int pipe(_Out_ int *descriptors)"),
    dup: libc.func("int dup(int descriptor)") as (descriptor: number) => number,
    dup2: libc.func("int dup2(int from, int to)"),
    fcntl: libc.func("int fcntl(int descriptor, int command, ...)"),
    close: libc.func("int close(int descriptor)"),
    read: libc.func("intptr_t read(int descriptor, void *buffer, size_t bytes)") as (
      descriptor: number,
      buffer: Uint8Array,
      bytes: number,
    ) => number,
  };
}

/** A kernel that a program has started may have none. */
function isOpen(descriptor: number): boolean {
  try {
    fstatSync(descriptor);
    return true;
  } catch {
    return false;
  }
}
