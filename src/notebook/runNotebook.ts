import { basename, dirname, extname, join, resolve } from "node:path";
import { atomicWriteFile } from "../atomicWrite.ts";
import { InputError } from "../errors.ts";
import { KernelClient } from "./kernelClient.ts";
import { KernelDied, type KernelCommand } from "./kernelProcess.ts";
import { hasTag, type CodeCell, type Notebook } from "./nbformat.ts";
import { readNotebook, writeNotebook } from "./notebookFile.ts";
import { OutputRecorder } from "./outputRecorder.ts";
import { injectParameters, unknownParameters, type Parameters } from "./parameters.ts";
import { mayFail, runCell, type Outcome } from "./runCell.ts";

export interface RunKernel extends KernelCommand {
  /** The languages that it understands. Default: not checked. */
  languages?: readonly string[];
  /** What a notebook that names no kernel shall name. Default: nothing. */
  kernelspec?: NonNullable<Notebook["metadata"]["kernelspec"]>;
}

export interface RunOptions {
  /** The kernel to run it with. */
  kernel: RunKernel;
  /** Where the executed copy goes. Default: `out/NAME.ipynb`. */
  output?: string;
  /** Where the page goes. Default: beside the executed copy, with `.html`. */
  html?: string;
  /** Values for a cell that is injected after the one tagged `parameters`. Default: none, and no cell. */
  parameters?: Parameters;
  /** Seconds that one cell may take. Default: as long as it likes. */
  timeout?: number;
  /** Go on after an error. Default: false. */
  allowErrors?: boolean;
  /** Ends the run: the cell is interrupted, what is finished is written. */
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
}

/** What a run tells while it goes on. Cells are counted from 1, only those that run. */
export type Progress =
  | { is: "start"; cells: number; unknownParameters: string[] }
  | { is: "cell"; number: number; cell: CodeCell }
  | { is: "output"; number: number; cell: CodeCell }
  | { is: "done"; number: number; cell: CodeCell; outcome: Outcome; seconds: number };

/** What went wrong, and in which cell; without a cell it was the kernel that did not start. */
export interface Failure {
  number?: number;
  outcome: Exclude<Outcome, { is: "ok" }>;
}

export interface RunResult {
  output: string;
  html: string;
  /** How many cells were run to their end. */
  finished: number;
  cells: number;
  seconds: number;
  /** The first thing that went wrong, if anything did. Errors that the notebook expects, or that were allowed, do not count. */
  failure?: Failure;
}

/**
 * Runs a notebook from top to bottom in a kernel of its own, in the notebook's directory, and writes an executed copy and an
 * HTML page. The copy is written anew after every cell, so whatever ends the run, finished outputs are kept. Stops at the
 * first error, unless the cell is tagged `raises-exception`; cells tagged `skip-execution` are left as they are.
 *
 * ```ts
 * const { failure } = await runNotebook("notebooks/03-shapes.ipynb", { kernel: { argv: ["node", "main.js", "kernel", "{connection_file}"] } });
 * ```
 *
 * @throws InputError when the notebook cannot be read or run by this kernel, or the results cannot be written
 */
export async function runNotebook(path: string, options: RunOptions): Promise<RunResult> {
  const started = Date.now();
  const { kernel, parameters = {}, onProgress = () => undefined, signal } = options;
  const { output = join("out", `${basename(path, extname(path))}.ipynb`) } = options;
  const { html = join(dirname(output), `${basename(output, extname(output))}.html`) } = options;
  const notebook = withParameters(await readNotebook(path), parameters);
  checkLanguage(path, notebook, kernel.languages);
  checkPlaces(path, output, html);
  const cells = notebook.cells.filter(isRun);
  for (const cell of cells) Object.assign(cell, { outputs: [], execution_count: null });

  // Written before anything is computed: where there is no place for the results, nobody wants to wait for them.
  await writeNotebook(notebook, output);
  onProgress({
    is: "start",
    cells: cells.length,
    unknownParameters: unknownParameters(notebook, parameters),
  });
  const { failure, finished } = await runCells(notebook, cells, {
    ...options,
    output,
    cwd: dirname(resolve(path)),
  });
  await writeNotebook(notebook, output);
  // Loaded here, since Markdown and highlighting are not needed to run.
  const { htmlPage } = await import("./html/htmlPage.ts");
  await atomicWriteFile(
    html,
    await htmlPage(notebook, { title: basename(path, extname(path)), directory: dirname(path) }),
  );
  return {
    ...{ output, html, finished, cells: cells.length, seconds: (Date.now() - started) / 1000 },
    ...(failure !== undefined && { failure }),
    ...(signal?.aborted === true && failure === undefined && { failure: { outcome: { is: "stopped" } } }),
  };
}

async function runCells(
  notebook: Notebook,
  cells: CodeCell[],
  {
    kernel,
    output,
    cwd,
    timeout,
    signal,
    allowErrors = false,
    onProgress = () => undefined,
  }: RunOptions & { output: string; cwd: string },
): Promise<{ finished: number; failure?: Failure }> {
  if (cells.length === 0) return { finished: 0 };
  const recorder = new OutputRecorder();
  const client = await startKernel(kernel, cwd);
  if (client instanceof KernelDied)
    return { finished: 0, failure: { outcome: { is: "died", message: client.message } } };
  try {
    describeKernel(notebook, client, kernel);
    for (const [index, cell] of cells.entries()) {
      const number = index + 1;
      if (signal?.aborted) return { finished: index, failure: { number, outcome: { is: "stopped" } } };
      const begun = Date.now();
      onProgress({ is: "cell", number, cell });
      const onOutput = (): void => onProgress({ is: "output", number, cell });
      const outcome = await runCell(client, cell, { recorder, timeout, signal, onOutput });
      onProgress({ is: "done", number, cell, outcome, seconds: (Date.now() - begun) / 1000 });
      await writeNotebook(notebook, output);
      if (outcome.is === "ok" || (outcome.is === "error" && (allowErrors || mayFail(cell)))) continue;
      return { finished: index, failure: { number, outcome } };
    }
    return { finished: cells.length };
  } finally {
    await client.close();
  }
}

async function startKernel(kernel: KernelCommand, cwd: string): Promise<KernelClient | KernelDied> {
  try {
    return await KernelClient.start(kernel, { cwd });
  } catch (error) {
    if (error instanceof KernelDied) return error;
    throw error;
  }
}

/** Jupyter's tools read from the notebook which kernel to start and which language its cells are in. */
function describeKernel(notebook: Notebook, client: KernelClient, { kernelspec }: RunKernel): void {
  if (kernelspec !== undefined) notebook.metadata.kernelspec ??= kernelspec;
  const { language_info: info } = client.info;
  if (typeof info === "object" && info !== null && "name" in info && typeof info.name === "string") {
    notebook.metadata.language_info = { ...info, name: info.name };
  }
}

function withParameters(notebook: Notebook, parameters: Parameters): Notebook {
  return Object.keys(parameters).length === 0 ? notebook : injectParameters(notebook, parameters);
}

/** As in JupyterLab, a cell without anything in it does not run and gets no number. */
function isRun(cell: Notebook["cells"][number]): cell is CodeCell {
  return cell.cell_type === "code" && cell.source.trim() !== "" && !hasTag(cell, "skip-execution");
}

function checkLanguage(path: string, { metadata }: Notebook, languages: readonly string[] | undefined): void {
  const language = metadata.kernelspec?.language ?? metadata.language_info?.name;
  if (languages === undefined || language === undefined || languages.includes(language.toLowerCase())) return;
  throw new InputError({
    who: path,
    expected: `a notebook in ${languages.join(" or ")}`,
    found: `one in ${language}`,
    fix: "run it with jupyter execute",
  });
}

function checkPlaces(path: string, output: string, html: string): void {
  if (resolve(html) === resolve(path) || resolve(html) === resolve(output)) {
    throw new InputError({
      who: html,
      expected: "a place of its own for the page",
      found: "the notebook's",
      fix: "choose another --html",
    });
  }
}
