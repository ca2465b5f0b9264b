import { InputError } from "../../errors.ts";

/** Says what to do where the file system refuses a place for a kernelspec; other errors pass through. */
export function refusal(who: string, directory: string, error: unknown): unknown {
  const { code } = (error instanceof InputError ? error.cause : error) as NodeJS.ErrnoException;
  if (code !== "EACCES" && code !== "EPERM" && code !== "EROFS") return error;
  return new InputError({
    who,
    expected: `a directory to write to`,
    found: `no permission for ${directory}`,
    fix: "use --user, or --prefix with a directory of yours",
    cause: error,
  });
}
