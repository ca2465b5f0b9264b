import { canRewrite, rewritePause } from "../../jupyter/rewritable.ts";

const barWidth = 20;

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);

/** One line of text for a download. */
export interface TransferLine {
  /** Says how far it is, where enough time has passed and the line can be rewritten. */
  update(done: number, total: number | undefined): void;
  /** Ends the line. */
  end(done: number): void;
  /** Ends a line that will not be finished. */
  leave(): void;
}

/**
 * The line of one download: `Downloading mnist.npz  5.2/11 MB ━━━━━━━━━╌╌╌╌╌╌╌╌╌╌╌ 8.1 MB/s`, rewritten as it goes where that can be
 * seen, else written at its beginning.
 */
export function transferLine(name: string, url: string): TransferLine {
  const live = canRewrite();
  const title = `Downloading ${name}`;
  const start = performance.now();
  let first: number | undefined;
  let last = -Infinity;
  let width = 0;
  if (!live) process.stdout.write(`${title} from ${url}\n`);
  const write = (text: string) => {
    process.stdout.write(`\r${text.padEnd(width)}`);
    width = text.length;
  };
  return {
    update(done, total) {
      first ??= done;
      if (!live || performance.now() - last < rewritePause) return;
      last = performance.now();
      const seconds = (last - start) / 1000;
      const filled = total === undefined ? 0 : Math.round((done / total) * barWidth);
      const bar = "━".repeat(filled) + "╌".repeat(barWidth - filled);
      const pace = seconds > 0 ? ` ${megabytes((done - first) / seconds)} MB/s` : "";
      write(`${title}  ${megabytes(done)}/${total === undefined ? "?" : megabytes(total)} MB ${bar}${pace}`);
    },
    end(done) {
      if (!live) return;
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      write(`${title}  ${megabytes(done)} MB in ${seconds} s`);
      process.stdout.write("\n");
    },
    leave() {
      if (width > 0) process.stdout.write("\n");
    },
  };
}
