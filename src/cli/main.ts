#!/usr/bin/env node
import { InputError } from "../errors.ts";
import { packageVersion } from "../package.ts";
import { nearestName } from "../nearestName.ts";

/** A command: given its arguments, resolves to the exit code. */
interface Command {
  run(args: string[]): Promise<number>;
}

interface Entry {
  about: string;
  /** Loaded when it is asked for only: the kernel has to start fast. */
  load: () => Promise<Command>;
}

const commands: Record<string, Entry> = {
  run: { about: "run notebooks and write executed copies and pages", load: () => import("./run.ts") },
  lab: { about: "open JupyterLab with the kernel", load: () => import("./lab.ts") },
  install: { about: "make the kernel known to Jupyter", load: () => import("./install.ts") },
  uninstall: { about: "make Jupyter forget the kernel", load: () => import("./uninstall.ts") },
  doctor: { about: "say what is found and what is missing", load: () => import("./doctor.ts") },
  kernel: { about: "the kernel itself; Jupyter starts it", load: () => import("./kernel.ts") },
};

function usage(): string {
  const lines = Object.entries(commands).map(([name, { about }]) => `  ${name.padEnd(11)}${about}`);
  return `convoscope: a TypeScript kernel for Jupyter that trains convolutional networks and shows what they see

usage: convoscope COMMAND [arguments]

${lines.join("\n")}

convoscope COMMAND --help says more about one; convoscope --version prints the version.
`;
}

async function main([name, ...args]: string[]): Promise<number> {
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    process.stdout.write(usage());
    return name === undefined ? 1 : 0;
  }
  if (name === "--version" || name === "-V") {
    process.stdout.write(`${packageVersion()}\n`);
    return 0;
  }
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (entry === undefined) {
    const near = nearestName(name, Object.keys(commands));
    throw new InputError({
      who: "convoscope",
      expected: "a command",
      found: JSON.stringify(name),
      fix: near === undefined ? `one of ${Object.keys(commands).join(", ")}` : `did you mean ${near}?`,
    });
  }
  return (await entry.load()).run(args);
}

main(process.argv.slice(2)).then(
  // Ends at once: whatever a cell left running (timers, servers) must not keep the process.
  (code) => process.exit(code),
  (error: unknown) => {
    const text =
      error instanceof InputError ? error.message : error instanceof Error ? error.stack : String(error);
    process.stderr.write(`${text}\n`);
    process.exit(1);
  },
);
