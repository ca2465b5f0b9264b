import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../errors.ts";
import { kernelName } from "./kernelCommand.ts";
import { checkName } from "./kernelspec/checkName.ts";
import { kernelsDirectory, placeOptions } from "./kernelspec/jupyterPaths.ts";
import { refusal } from "./kernelspec/refusal.ts";
import { parseOnlyOptions } from "./parseOptions.ts";

const who = "convoscope uninstall";

const usage = `usage: convoscope uninstall [--user | --sys-prefix | --prefix P] [--name N]

Makes Jupyter forget the kernel. The options are those of convoscope install.
`;

const options = { ...placeOptions, name: { type: "string" }, help: { type: "boolean", short: "h" } } as const;

/** `convoscope uninstall`: removes the kernelspec; returns the exit code. */
export async function run(args: string[]): Promise<number> {
  const values = parseOnlyOptions(who, args, options);
  if (values.help === true) {
    process.stdout.write(usage);
    return 0;
  }
  const directory = join(kernelsDirectory(who, values), checkName(who, values.name ?? kernelName));
  if (!existsSync(join(directory, "kernel.json"))) {
    throw new InputError({
      who,
      expected: `a kernelspec in ${directory}`,
      found: "none",
      fix: "convoscope doctor says where it is",
    });
  }
  try {
    await rm(directory, { recursive: true });
  } catch (error) {
    throw refusal(who, directory, error);
  }
  process.stdout.write(`removed ${directory}\n`);
  return 0;
}
