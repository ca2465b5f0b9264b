import { randomUUID } from "node:crypto";
import { appendFile, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { makeDirectory } from "../../../atomicWrite.ts";
import { userDataDirectory } from "../../../jupyter/userDataDirectory.ts";
import { maxEntries, MemoryHistory, shorten, type History, type HistoryEntry } from "./history.ts";
import { gather, parseHistory } from "./lines.ts";
import { trimHistoryFile } from "./trimFile.ts";

export interface FileHistoryOptions {
  /** How many cells the file holds after a start. Default: 10,000. */
  limit?: number;
  /** Told once when the file cannot be written. Default: nobody. */
  log?: (line: string) => void;
}

/** How long what was run may wait to be written, in milliseconds: not while its cell runs, and with what is run right after it. */
const leisure = 100;

/**
 * The history that environment variables ask for: CONVOSCOPE_HISTORY names its file, or is `off`. Default: a file in the user's
 * directory of Jupyter data.
 */
export function openHistory({
  env = process.env,
  log = () => undefined,
}: { env?: NodeJS.ProcessEnv; log?: (line: string) => void } = {}): History {
  const path = env.CONVOSCOPE_HISTORY;
  if (path === "off") return new MemoryHistory();
  if (path) return new FileHistory(path, { log });
  return new FileHistory(join(userDataDirectory({ env }), "convoscope", "history.jsonl"), { log });
}

/**
 * The cells of all sessions, in a file of one line of JSON for each input and each result. Kernels that run at the same time append
 * to the same file; nothing is read before somebody asks. A file that cannot be written leaves the cells of this session.
 */
export class FileHistory implements History {
  readonly #path: string;
  readonly #limit: number;
  readonly #log: (line: string) => void;
  readonly #id = randomUUID();
  readonly #own: MemoryHistory;
  #unwritten = "";
  #writing = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #started = false;
  #failed = false;

  constructor(path: string, { limit = maxEntries, log = () => undefined }: FileHistoryOptions = {}) {
    this.#path = path;
    this.#limit = limit;
    this.#log = log;
    this.#own = new MemoryHistory({ limit });
  }

  addInput(line: number, input: string): void {
    this.#own.addInput(line, input);
    this.#append({ session: this.#id, line, input });
  }

  addOutput(line: number, output: string): void {
    this.#own.addOutput(line, output);
    this.#append({ session: this.#id, line, output: shorten(output) });
  }

  async read(): Promise<{ session: number; entries: HistoryEntry[] }> {
    await this.#flush();
    const text = await readFile(this.#path, "utf8").catch(() => "");
    const { sessions, entries } = gather(parseHistory(text));
    const own = sessions.get(this.#id) ?? Math.max(0, ...sessions.values()) + 1;
    const others = entries.filter(({ session }) => session !== own).sort((a, b) => a.session - b.session);
    // Last, also when another kernel has started since: whoever goes back wants what was typed here.
    return { session: own, entries: [...others, ...this.#own.entries(own)].slice(-this.#limit) };
  }

  async close(): Promise<void> {
    await this.#flush();
  }

  #append(record: object): void {
    if (this.#failed) return;
    this.#unwritten += `${JSON.stringify(record)}\n`;
    this.#timer ??= setTimeout(() => void this.#flush(), leisure);
  }

  #flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    return (this.#writing = this.#writing.then(() => this.#write()));
  }

  /** Appends what has gathered: one write at the end of the file, whole beside those of others. */
  async #write(): Promise<void> {
    if (this.#failed || this.#unwritten === "") return;
    try {
      if (!this.#started) {
        await makeDirectory(dirname(this.#path));
        await trimHistoryFile(this.#path, this.#limit);
        this.#started = true;
        // The line before may be cut off: its kernel may have been killed.
        this.#unwritten = `\n${this.#unwritten}`;
      }
      const text = this.#unwritten;
      this.#unwritten = "";
      // What a user types is for nobody else on the machine.
      await appendFile(this.#path, text, { mode: 0o600 });
    } catch (error) {
      this.#failed = true;
      this.#unwritten = "";
      this.#log(`the history is not kept: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
