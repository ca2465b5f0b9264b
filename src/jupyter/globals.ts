import { clearOutput } from "./clearOutput.ts";
import { display } from "./display.ts";
import { currentHost } from "./host.ts";
import { input, inputSync } from "./input.ts";
import { denoShim } from "./shims/deno.ts";
import { html, md, svg } from "./template.ts";

/** What cells have without importing it. */
export interface NotebookGlobals {
  display: typeof display;
  clearOutput: typeof clearOutput;
  html: typeof html;
  md: typeof md;
  svg: typeof svg;
  input: typeof input;
  /** Asks for a line, as browsers do; everything waits. An empty answer is `initial`. */
  prompt: (message?: string, initial?: string, options?: { password?: boolean }) => string | null;
  /** Asks a question, as browsers do; everything waits. */
  confirm: (message?: string) => boolean;
  /** Shows a message, as browsers do, and waits until Enter is pressed. */
  alert: (message?: string) => void;
  kernel: NotebookKernel;
  Deno: typeof denoShim;
}

/** What a cell knows of the kernel that runs it. */
export interface NotebookKernel {
  /** Aborted when the user stops the cell; hand it to what takes a signal: `fetch(url, { signal: kernel.signal })`. */
  readonly signal: AbortSignal;
}

/** Where nothing can be stopped. */
const never = new AbortController().signal;

const kernel: NotebookKernel = {
  get signal() {
    return currentHost().signal ?? never;
  },
};

const prompt: NotebookGlobals["prompt"] = (message = "", initial = "", options = {}) => {
  const question = initial === "" ? message : `${message} [${initial}]`;
  const answer = inputSync("prompt", spaced(question), options);
  return answer === "" ? initial : answer;
};

const confirm: NotebookGlobals["confirm"] = (message = "Go on?") =>
  /^y(es)?$/i.test(inputSync("confirm", spaced(`${message} [y/N]`)).trim());

const alert: NotebookGlobals["alert"] = (message = "") => {
  inputSync("alert", spaced(`${message} [Enter]`));
};

/** Room between a question and its answer. */
function spaced(question: string): string {
  return question === "" || /\s$/.test(question) ? question : `${question} `;
}

/** Makes the {@link NotebookGlobals}. They speak to the host that is in charge when they are called. */
export function notebookGlobals(): NotebookGlobals {
  return { display, clearOutput, html, md, svg, input, prompt, confirm, alert, kernel, Deno: denoShim };
}

/** The names of the {@link NotebookGlobals}. */
export const notebookGlobalNames = Object.keys(notebookGlobals()) as (keyof NotebookGlobals)[];
