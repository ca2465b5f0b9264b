import { Session, type Debugger } from "node:inspector";
import { fileURLToPath } from "node:url";

import type { StackFrame } from "../language/stackTrace.ts";

/** How many frames say where code was. */
const maxFrames = 10;

/**
 * Where the main thread is at this moment, in synchronous code: the debugger halts it for a few milliseconds. The longest
 * `patience` milliseconds later the answer is empty: the thread waits for something, or is in native code.
 */
export function mainStack(patience: number): Promise<StackFrame[]> {
  const session = connect();
  const urls = new Map<string, string>();
  return new Promise((resolve) => {
    let isAsking = true;
    const finish = (frames: StackFrame[]): void => {
      isAsking = false;
      clearTimeout(timer);
      session.removeAllListeners();
      disconnect(session);
      resolve(frames);
    };
    const timer = setTimeout(finish, patience, []);
    session.on("Debugger.scriptParsed", ({ params }) => void urls.set(params.scriptId, params.url));
    session.on("Debugger.paused", ({ params }) =>
      finish(params.callFrames.slice(0, maxFrames).map((frame) => describe(frame, urls))),
    );
    // Who has given up by then must not be halted any more.
    session.post("Debugger.enable", () => isAsking && session.post("Debugger.pause"));
  });
}

/**
 * Lets the main thread read the scripts that it has loaded, so that it halts at once for {@link mainStack}. The debugger reads each script when
 * it first meets it, and TypeScript's nine megabytes take a tenth of a second.
 */
export function readScripts(): Promise<void> {
  const session = connect();
  return new Promise((resolve) => {
    session.post("Debugger.enable", () => {
      disconnect(session);
      resolve();
    });
  });
}

function connect(): Session {
  const session = new Session();
  session.connectToMainThread();
  return session;
}

function disconnect(session: Session): void {
  session.post("Debugger.disable", () => session.disconnect());
}

function describe(
  { functionName, location }: Debugger.CallFrame,
  urls: ReadonlyMap<string, string>,
): StackFrame {
  return {
    functionName,
    file: fileOf(urls.get(location.scriptId) ?? ""),
    line: location.lineNumber + 1,
    column: (location.columnNumber ?? 0) + 1,
  };
}

/** Cells are named by a path, which the debugger writes as a URL; modules are known by their URL, which may have a query. */
function fileOf(url: string): string {
  return url.startsWith("file:") && !url.includes("?") ? fileURLToPath(url) : url;
}
