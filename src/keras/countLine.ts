import { currentHost } from "../jupyter/host.ts";

/** How often the line is rewritten, in milliseconds. */
const pause = 200;

/** A line that says how far something is: rewritten where that can be seen, else written once, at the beginning. */
export function countLine(title: string): { update: (done: number) => void; leave: () => void } {
  const live = process.stdout.isTTY || currentHost().notebook;
  let last = performance.now();
  process.stdout.write(live ? title : `${title}\n`);
  return {
    update(done) {
      if (!live || performance.now() - last < pause) return;
      last = performance.now();
      process.stdout.write(`\r${title}  ${done}`);
    },
    leave() {
      if (live) process.stdout.write("\n");
    },
  };
}
