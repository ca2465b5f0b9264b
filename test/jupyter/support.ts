import { setHost, type Host } from "../../src/jupyter/host.ts";
import type { CommMessage } from "../../src/jupyter/commMessage.ts";
import type { MimeData } from "../../src/jupyter/mimeBundle.ts";
import { toBundle } from "../../src/jupyter/toBundle.ts";

/** The representations of a value. */
export async function dataOf(value: unknown): Promise<MimeData> {
  return (await toBundle(value)).data;
}

/** The text of a value. */
export async function textOf(value: unknown): Promise<string> {
  return String((await dataOf(value))["text/plain"]);
}

/** What a notebook was asked to do. */
export interface Recorded {
  shown: Parameters<Host["display"]>[];
  cleared: unknown[];
  sent: CommMessage[];
  asked: { prompt: string; password: boolean | undefined }[];
}

/** Makes a notebook the host that writes down what it is asked, and in which the user answers `answers`. End it with `setHost(undefined)`. */
export function recordingHost({
  answers = [] as string[],
  signal = undefined as AbortSignal | undefined,
} = {}): Recorded {
  const recorded: Recorded = { shown: [], cleared: [], sent: [], asked: [] };
  const answer = (prompt: string, { password }: { password?: boolean } = {}): string => {
    recorded.asked.push({ prompt, password });
    return answers.shift() ?? "";
  };
  setHost({
    notebook: true,
    ...(signal && { signal }),
    display: (...call) => void recorded.shown.push(call),
    clearOutput: (options) => void recorded.cleared.push(options),
    sendComm: (message) => void recorded.sent.push(message),
    input: (...question) => Promise.resolve(answer(...question)),
    inputSync: answer,
  });
  return recorded;
}
