/** The lines that stderr has seen. */
const said = new Set<string>();

/** Says a line on stderr, once in a process. */
export function say(line: string): void {
  if (said.has(line)) return;
  said.add(line);
  process.stderr.write(`convoscope: ${line}\n`);
}
