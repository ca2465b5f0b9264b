import { spawn } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { InputError } from "../errors.ts";
import { existingEnvironment, findProgram } from "./jupyter/environments.ts";
import { readKernelspec } from "./jupyter/kernelspecs.ts";
import { displayName, kernelCommand, kernelName } from "./kernelCommand.ts";
import { userDataDirectory } from "../jupyter/userDataDirectory.ts";
import { dataDirectoryOf } from "./kernelspec/jupyterPaths.ts";
import { writeKernelspec } from "./kernelspec/writeKernelspec.ts";

const who = "convoscope lab";

const usage = `usage: convoscope lab [JupyterLab's arguments]

Opens JupyterLab with the kernel "${displayName}" on notebooks/, or on the working directory if there is none. All arguments
go to JupyterLab; jupyter lab --help-all lists them.
`;

/** `convoscope lab`: runs JupyterLab until it ends; returns its exit code. */
export async function run(args: string[]): Promise<number> {
  if (args.length === 1 && (args[0] === "--help" || args[0] === "-h")) {
    process.stdout.write(usage);
    return 0;
  }
  const program = findProgram("jupyter-lab");
  if (program === undefined) {
    const fix = "run npm run setup in the checkout, or pip install jupyterlab ipywidgets anywidget";
    throw new InputError({
      who,
      expected: "JupyterLab",
      found: "none in .venv, the active environment or the PATH",
      fix,
    });
  }
  await checkPort(args);
  await ensureKernelspec(dirname(dirname(program)));
  return runProgram(program, [...args, ...ownArguments(args)]);
}

/** What JupyterLab needs beside the user's arguments: where to open, and leave to run as root where that is who runs it. */
function ownArguments(args: string[]): string[] {
  const place = args.some((argument) => !argument.startsWith("-") && existsSync(argument));
  const isPlaced =
    place || args.some((argument) => /^--(ServerApp\.root_dir|notebook-dir|preferred-dir)\b/.test(argument));
  const isDirectory = statSync("notebooks", { throwIfNoEntry: false })?.isDirectory() ?? false;
  return [
    ...(isPlaced || !isDirectory ? [] : ["notebooks"]),
    ...(process.getuid?.() === 0 && !args.includes("--allow-root") ? ["--allow-root"] : []),
  ];
}

/** JupyterLab would take another port without a word; whoever names one wants that one. */
async function checkPort(args: string[]): Promise<void> {
  const index = args.findIndex((argument) => /^--(port|ServerApp\.port)(=|$)/.test(argument));
  const text = index < 0 ? undefined : (args[index]?.split("=")[1] ?? args[index + 1]);
  const port = Number(text);
  if (text === undefined || !Number.isInteger(port) || port <= 0 || port > 65535) return;
  const refused = await new Promise<boolean>((resolve) => {
    const server = createServer()
      .once("error", () => resolve(true))
      .listen(port, "127.0.0.1", () => server.close(() => resolve(false)));
  });
  if (refused)
    throw new InputError({
      who,
      expected: `port ${port} to be free`,
      found: "it in use",
      fix: "choose another --port",
    });
}

/** Puts the kernelspec where this JupyterLab looks, unless what is there starts this very kernel. */
async function ensureKernelspec(prefix: string): Promise<void> {
  const places = [dataDirectoryOf(prefix), userDataDirectory()].map((data) =>
    join(data, "kernels", kernelName),
  );
  const command = JSON.stringify(kernelCommand());
  if (places.some((place) => JSON.stringify(readKernelspec(place)?.argv) === command)) return;
  // An environment is its owner's; elsewhere (a system's Jupyter) the user's own directory is the place.
  const isEnvironment = prefix === existingEnvironment() || existsSync(join(prefix, "pyvenv.cfg"));
  const [inPrefix = "", inHome = ""] = places;
  await writeKernelspec(isEnvironment ? inPrefix : inHome, { displayName });
}

function runProgram(program: string, args: string[]): Promise<number> {
  const child = spawn(program, args, { stdio: "inherit" });
  // Ctrl-C on a terminal reaches JupyterLab by itself, and it asks back; a second signal from here would end it at once.
  process.on("SIGINT", () => void (process.stdin.isTTY || child.kill("SIGINT")));
  for (const name of ["SIGTERM", "SIGHUP"] as const) process.on(name, () => child.kill(name));
  return new Promise((resolve, reject) => {
    child.once("error", (cause) =>
      reject(new InputError({ who, expected: `to start ${program}`, found: cause.message, cause })),
    );
    child.once("close", (code, signal) =>
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
    );
  });
}
