import { InputError } from "../../errors.ts";

/** A name that Jupyter takes for a kernel: ASCII letters, digits, `-`, `.` and `_`. Throws InputError for others. */
export function checkName(who: string, name: string): string {
  if (/^[A-Za-z0-9._-]+$/.test(name) && !/^\.+$/.test(name)) return name;
  throw new InputError({
    who: `${who} --name`,
    expected: "letters, digits and - . _",
    found: JSON.stringify(name),
  });
}
