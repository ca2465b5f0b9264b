import { parseArgs, type ParseArgsConfig } from "node:util";
import { InputError } from "../errors.ts";
import { nearestName } from "../nearestName.ts";

type Options = NonNullable<ParseArgsConfig["options"]>;
type Parsed<T extends Options> = ReturnType<
  typeof parseArgs<{ args: string[]; options: T; allowPositionals: true; strict: true }>
>;

/**
 * Node's parseArgs with messages of one line: an unknown option names the nearest one there is.
 *
 * @param command as the user typed it, `convoscope run`
 * @throws InputError for an unknown option, or one without its value
 */
export function parseOptions<T extends Options>(command: string, args: string[], options: T): Parsed<T> {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const option = /'(-[^\s'=,]+)/.exec(message)?.[1] ?? "";
    if (code !== "ERR_PARSE_ARGS_UNKNOWN_OPTION") {
      const takesNone = options[option.replace(/^-+/, "")]?.type === "boolean";
      throw new InputError({
        who: command,
        expected: takesNone ? `${option} without a value` : `a value for ${option}`,
        found: takesNone ? "one" : "none",
        cause,
      });
    }
    const names = Object.keys(options).map((name) => `--${name}`);
    const near = nearestName(option, names);
    throw new InputError({
      who: command,
      expected: "a known option",
      found: option,
      fix: near === undefined ? `see ${command} --help` : `did you mean ${near}?`,
      cause,
    });
  }
}

/** The same for a command that takes nothing but options. */
export function parseOnlyOptions<T extends Options>(
  command: string,
  args: string[],
  options: T,
): Parsed<T>["values"] {
  const { values, positionals } = parseOptions(command, args, options);
  const [surplus] = positionals;
  if (surplus === undefined) return values;
  throw new InputError({
    who: command,
    expected: "options only",
    found: JSON.stringify(surplus),
    fix: `see ${command} --help`,
  });
}
