import { join } from "node:path";
import { displayName, kernelName } from "./kernelCommand.ts";
import { checkName } from "./kernelspec/checkName.ts";
import { kernelsDirectory, placeOptions } from "./kernelspec/jupyterPaths.ts";
import { refusal } from "./kernelspec/refusal.ts";
import { writeKernelspec } from "./kernelspec/writeKernelspec.ts";
import { parseOnlyOptions } from "./parseOptions.ts";
import { InputError } from "../errors.ts";

const who = "convoscope install";

const usage = `usage: convoscope install [--user | --sys-prefix | --prefix P] [options]

Makes the kernel known to Jupyter. Needs no Python. Prints each path that it writes.

  --user              for this user, in every environment (default)
  --sys-prefix        for the active Python environment, else the package's .venv
  --prefix P          below a directory: P/share/jupyter/kernels
  --name N            the kernelspec's name (default: ${kernelName})
  --display-name D    what front ends show (default: ${displayName})
  --env NAME=value    an environment variable for the kernel; repeatable
`;

const options = {
  ...placeOptions,
  name: { type: "string" },
  "display-name": { type: "string" },
  env: { type: "string", multiple: true },
  help: { type: "boolean", short: "h" },
} as const;

/** `convoscope install`: writes the kernelspec; returns the exit code. */
export async function run(args: string[]): Promise<number> {
  const values = parseOnlyOptions(who, args, options);
  if (values.help === true) {
    process.stdout.write(usage);
    return 0;
  }
  const name = checkName(who, values.name ?? kernelName);
  const directory = join(kernelsDirectory(who, values), name);
  const env = Object.fromEntries((values.env ?? []).map(toVariable));
  try {
    const paths = await writeKernelspec(directory, {
      displayName: values["display-name"] ?? displayName,
      env,
    });
    process.stdout.write(paths.map((path) => `wrote ${path}\n`).join(""));
  } catch (error) {
    throw refusal(who, directory, error);
  }
  return 0;
}

function toVariable(text: string): [string, string] {
  const equals = text.indexOf("=");
  if (equals > 0) return [text.slice(0, equals), text.slice(equals + 1)];
  throw new InputError({ who: `${who} --env`, expected: "NAME=value", found: JSON.stringify(text) });
}
