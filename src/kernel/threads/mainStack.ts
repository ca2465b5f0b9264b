import { Session, type Debugger } from "node:inspector";
import { fileURLToPath } from "node:url";

import type { StackFrame } from "../language/stackTrace.ts";

/** How many frames say where code was. */
const maxFrames = 10;

/**
 * Where the main thread is at this moment, in synchronous code: the debugger halts it for a few milliseconds. The longest
 * `patience` milliseconds later the answer is empty: the thread waits for something, or is in native code.
 */
export function mainStack({ patience = 40 } = {}): Promise<StackFrame[]> {
  const session = new Session();
  session.connectToMainThread();
  const urls = new Map<string, string>();
  return new Promise((resolve) => {
    const finish = (frames: StackFrame[]): void => {
      clearTimeout(timer);
      session.removeAllListeners();
      session.post("Debugger.disable", () => session.disconnect());
      resolve(frames);
    };
    const timer = setTimeout(finish, patience, []);
    session.on("Debugger.scriptParsed", ({ params }) => void urls.set(params.scriptId, params.url));
    session.on("Debugger.paused", ({ params }) =>
      finish(params.callFrames.slice(0, maxFrames).map((frame) => describe(frame, urls))),
    );
    session.post("Debugger.enable");
    session.post("Debugger.pause");
  });
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
