import { canRewrite, rewritePause } from "./rewritable.ts";

/** A line that says how far something is, see {@link countLine}. */
export interface CountLine {
  /** @param done how many, or how many of how many: `3` or `"3/10"` */
  update: (done: number | string) => void;
  /** Ends the line. */
  leave: () => void;
}

/**
 * A line that says how far something is: rewritten where that can be seen, else written once, at the beginning.
 *
 * @param options `patience`: what is done sooner needs no line; then none is written where it cannot be rewritten. In milliseconds, default 0
 */
export function countLine(title: string, { patience = 0 }: { patience?: number } = {}): CountLine {
  const live = canRewrite();
  let last = performance.now() + Math.max(patience - rewritePause, 0);
  let shown = patience === 0;
  if (shown) process.stdout.write(live ? title : `${title}\n`);
  return {
    update(done) {
      if (!live || performance.now() - last < rewritePause) return;
      last = performance.now();
      shown = true;
      process.stdout.write(`\r${title}  ${done}`);
    },
    leave() {
      if (live && shown) process.stdout.write("\n");
    },
  };
}
