import { InputError } from "../errors.ts";
import { parseParameter, type Parameters } from "../notebook/parameters.ts";
import { runNotebook, type RunOptions } from "../notebook/runNotebook.ts";
import { displayName, kernelCommand, kernelName, language } from "./kernelCommand.ts";
import { parseOptions } from "./parseOptions.ts";
import { listenForStop } from "./listenForStop.ts";
import { drawProgress } from "./run/drawProgress.ts";
import { reportResult } from "./run/reportResult.ts";

const who = "convoscope run";

const usage = `usage: convoscope run NOTEBOOK… [options]

Runs notebooks from top to bottom in a TypeScript kernel, without Python. Writes an executed copy and an HTML page that needs
nothing else; stops at the first error with exit code 1. What is finished is kept, however the run ends.

  --output FILE        the executed copy (default: out/NAME.ipynb)
  --html FILE          the page (default: beside the executed copy)
  --param name=value   sets a variable after the cell tagged "parameters"; JSON where it is JSON, else text; repeatable
  --timeout SECONDS    interrupts a cell that takes longer (default: none)
  --allow-errors       goes on after an error
`;

const options = {
  output: { type: "string" },
  html: { type: "string" },
  param: { type: "string", multiple: true },
  timeout: { type: "string" },
  "allow-errors": { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/** `convoscope run`: runs notebooks headless; returns the exit code. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals: notebooks } = parseOptions(who, args, options);
  if (values.help === true) {
    process.stdout.write(usage);
    return 0;
  }
  checkNotebooks(notebooks, values);
  const settings: Omit<RunOptions, "onProgress"> = {
    kernel: {
      argv: kernelCommand({ node: process.execPath }),
      languages: [language, "javascript"],
      kernelspec: { name: kernelName, display_name: displayName, language },
    },
    parameters: toParameters(values.param ?? []),
    allowErrors: values["allow-errors"] ?? false,
    ...(values.output !== undefined && { output: values.output }),
    ...(values.html !== undefined && { html: values.html }),
    ...(values.timeout !== undefined && { timeout: toSeconds(values.timeout) }),
  };

  const stop = listenForStop();
  let code = 0;
  try {
    for (const notebook of notebooks) {
      if (stop.signal.aborted) break;
      const progress = drawProgress(notebook);
      try {
        const result = await runNotebook(notebook, {
          ...settings,
          signal: stop.signal,
          onProgress: progress.show,
        });
        progress.clear();
        if (reportResult(notebook, result) !== 0) code = 1;
      } catch (error) {
        progress.clear();
        if (!(error instanceof InputError)) throw error;
        // One notebook that cannot be read does not keep the others from running.
        process.stderr.write(`${who}: ${error.message}\n`);
        code = 1;
      }
    }
  } finally {
    stop.dispose();
  }
  return stop.exitCode ?? code;
}

function checkNotebooks(notebooks: string[], { output, html }: { output?: string; html?: string }): void {
  if (notebooks.length === 0) {
    throw new InputError({
      who,
      expected: "a notebook",
      found: "none",
      fix: `for example: ${who} notebooks/03-shapes.ipynb`,
    });
  }
  const single = output === undefined ? (html === undefined ? undefined : "--html") : "--output";
  if (notebooks.length > 1 && single !== undefined) {
    throw new InputError({
      who,
      expected: `one notebook with ${single}`,
      found: `${notebooks.length}`,
      fix: "run them one by one",
    });
  }
}

function toParameters(texts: string[]): Parameters {
  return Object.fromEntries(texts.map((text) => parseParameter(text, { who: `${who} --param` })));
}

function toSeconds(text: string): number {
  const seconds = Number(text);
  // Node's timers end at 2^31 - 1 milliseconds and fire at once beyond that.
  if (text.trim() !== "" && seconds > 0 && seconds * 1000 < 2 ** 31) return seconds;
  throw new InputError({
    who: `${who} --timeout`,
    expected: "seconds, more than 0 and less than 24 days",
    found: JSON.stringify(text),
  });
}
