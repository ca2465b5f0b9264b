import { open, readFile, rm, stat, writeFile, type FileHandle } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

/** The server's refusal, which trying again will not change. */
export class Refusal extends Error {
  override readonly name = "Refusal";
}

/** How often in a row a transfer may bring nothing before it is given up. */
const patience = 4;
/** The pause before the next attempt, in milliseconds; it doubles. */
const firstPause = 200;

interface TransferOptions {
  /** Whether what is there may be continued without the server's word that the file is still the same. */
  checkedLater: boolean;
  signal: AbortSignal | undefined;
  progress: (done: number, total: number | undefined) => void;
}

const sizeOf = async (path: string) => (await stat(path).catch(() => undefined))?.size ?? 0;
const read = (path: string) => readFile(path, "utf8").catch(() => "");

/** What tells one version of a file from another, by the server's word. */
function versionOf(headers: Headers): string {
  const tag = headers.get("etag");
  return tag !== null && !tag.startsWith("W/") ? tag : (headers.get("last-modified") ?? "");
}

/** Where a partial answer begins, and how long the whole is. */
function rangeOf(headers: Headers): { start: number | undefined; total: number | undefined } {
  const [, start, total] =
    /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(headers.get("content-range") ?? "") ?? [];
  const number = (text: string | undefined) =>
    text === undefined || text === "*" ? undefined : Number(text);
  return { start: number(start), total: number(total) };
}

async function append(
  file: FileHandle,
  body: ReadableStream<Uint8Array> | null,
  took: (bytes: number) => void,
) {
  if (body === null) return;
  for await (const chunk of body) {
    await file.writeFile(chunk);
    took(chunk.length);
  }
}

/** One request: goes on where the part ends, if the server can do that and the file is still the same. Tells whether all is there. */
async function attempt(url: string, part: string, options: TransferOptions): Promise<boolean> {
  const { checkedLater, signal, progress } = options;
  const version = await read(`${part}.version`);
  const offset = version !== "" || checkedLater ? await sizeOf(part) : 0;
  const headers: Record<string, string> = { "accept-encoding": "identity" };
  if (offset > 0) {
    headers.range = `bytes=${offset}-`;
    if (version !== "") headers["if-range"] = version;
  }
  const response = await fetch(url, { headers, ...(signal && { signal }) });
  const range = rangeOf(response.headers);
  if (response.status === 416) {
    await response.body?.cancel();
    if (range.total === offset) return true;
    await discardPart(part);
    return false;
  }
  if (!response.ok) {
    await response.body?.cancel();
    const answer = `the answer ${response.status} ${response.statusText}`.trimEnd();
    // Too many requests, or a server in trouble: worth another attempt.
    if (response.status === 429 || response.status >= 500) throw new Error(answer);
    throw new Refusal(answer);
  }
  const continues = response.status === 206 && range.start === offset;
  if (response.status === 206 && !continues) {
    await response.body?.cancel();
    await discardPart(part);
    return false;
  }
  let done = continues ? offset : 0;
  const length = response.headers.get("content-length");
  const total = continues ? range.total : length === null ? undefined : Number(length);
  const file = await open(part, continues ? "a" : "w");
  try {
    await writeFile(`${part}.version`, versionOf(response.headers));
    progress(done, total);
    await append(file, response.body, (bytes) => progress((done += bytes), total));
  } finally {
    await file.close();
  }
  return total === undefined || done === total;
}

/** Removes an unfinished file. */
export async function discardPart(part: string): Promise<void> {
  await Promise.all([part, `${part}.version`].map((path) => rm(path, { force: true })));
}

/** Whether a failure is the file system's and not the network's. */
export function isFileSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error && "path" in error;
}

/**
 * Downloads `url` to the file `part`, going on where that ends. A connection that breaks is taken up again as long as something
 * arrives. What has arrived stays in `part` when it fails.
 *
 * @throws Refusal when the server does not want to; the last failure when nothing more arrives
 */
export async function transfer(url: string, part: string, options: TransferOptions): Promise<void> {
  for (let failures = 0; ;) {
    const before = await sizeOf(part);
    let failure: unknown = new Error("a connection that was cut");
    try {
      if (await attempt(url, part, options)) return;
    } catch (error) {
      options.signal?.throwIfAborted();
      if (error instanceof Refusal || isFileSystemError(error)) throw error;
      failure = error;
    }
    failures = (await sizeOf(part)) > before ? 0 : failures + 1;
    if (failures >= patience) throw failure;
    await sleep(firstPause * 2 ** failures, undefined, { ...(options.signal && { signal: options.signal }) });
  }
}
