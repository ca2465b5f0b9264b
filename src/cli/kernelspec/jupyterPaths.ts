import { join } from "node:path";
import { InputError } from "../../errors.ts";
import { userDataDirectory } from "../../jupyter/userDataDirectory.ts";
import { existingEnvironment } from "../jupyter/environments.ts";

export interface PlaceOptions {
  user?: boolean;
  "sys-prefix"?: boolean;
  prefix?: string;
}

/** The options that say where, for parseOptions; ipykernel's names. */
export const placeOptions = {
  user: { type: "boolean" },
  "sys-prefix": { type: "boolean" },
  prefix: { type: "string" },
} as const;

/** The directory of Jupyter data below a prefix, such as that of a Python environment. */
export function dataDirectoryOf(prefix: string): string {
  return join(prefix, "share/jupyter");
}

/**
 * The directory of kernelspecs that the options name; without options the user's.
 *
 * @throws InputError when more than one place is named, or there is no environment for `--sys-prefix`
 */
export function kernelsDirectory(who: string, options: PlaceOptions): string {
  const named = (["user", "sys-prefix", "prefix"] as const).filter((name) => options[name] !== undefined);
  if (named.length > 1) {
    const found = named.map((name) => `--${name}`).join(" and ");
    throw new InputError({ who, expected: "one of --user, --sys-prefix, --prefix", found });
  }
  if (options.prefix !== undefined) return join(dataDirectoryOf(options.prefix), "kernels");
  if (options["sys-prefix"] !== true) return join(userDataDirectory(), "kernels");
  const environment = existingEnvironment();
  if (environment !== undefined) return join(dataDirectoryOf(environment), "kernels");
  throw new InputError({
    who: `${who} --sys-prefix`,
    expected: "a Python environment (VIRTUAL_ENV, CONDA_PREFIX or .venv)",
    found: "none",
    fix: "activate one, or use --user",
  });
}
