import { InputError } from "../../errors.ts";
import { kerasName } from "./logNames.ts";

/**
 * Fills a path as Python's `str.format` does: `{epoch:02d}`, `{val_accuracy:.3f}`, `{val_loss}`.
 *
 * @param template the path with names in braces, in Keras' spelling or in camelCase
 * @param values a number for each name
 * @throws InputError when a name has no value, or a form is none of `d`, `f`, `e` with width and precision
 */
export function formatPath(template: string, values: Readonly<Record<string, number>>): string {
  return template.replace(/\{([^{}:]*)(?::([^{}]*))?\}/g, (field, name: string, form = "") => {
    const value = values[kerasName(name)];
    if (value === undefined) {
      const expected = `names in filepath among ${Object.keys(values).join(", ")}`;
      throw new InputError({ who: "modelCheckpoint", expected, found: field });
    }
    const parts = /^(0?)(\d*)(?:\.(\d+))?([dfe]?)$/.exec(String(form));
    if (parts === null) {
      throw new InputError({ who: "modelCheckpoint", expected: "a form such as 02d or .3f", found: field });
    }
    const [, zero, width, precision, kind] = parts;
    const digits = precision === undefined ? 6 : Number(precision);
    const text =
      kind === "f"
        ? value.toFixed(digits)
        : kind === "e"
          ? value.toExponential(digits).replace(/e([+-])(\d)$/, "e$10$2")
          : String(value);
    return text.padStart(Number(width), zero ? "0" : " ");
  });
}
