/** The four things a user needs to mend bad input. */
export interface BadInput {
  /** The function or command that was asked, as the user typed it. */
  who: string;
  expected: string;
  found: string;
  /** What to do, in the imperative. */
  fix?: string;
  cause?: unknown;
}

/**
 * Thrown when something the user gave cannot be used: a missing directory, a broken picture, a wrong shape.
 * The message is one line; commands print it without a stack and leave with exit code 1.
 *
 * ```ts
 * throw new InputError({ who: "activations", expected: "a layer of the model", found: '"conv9"', fix: "layers: conv1, conv2" });
 * // activations: expected a layer of the model, found "conv9"; layers: conv1, conv2
 * ```
 */
export class InputError extends Error {
  override readonly name = "InputError";

  constructor({ who, expected, found, fix, cause }: BadInput) {
    const message = `${who}: expected ${expected}, found ${found}${fix === undefined ? "" : `; ${fix}`}`;
    super(message.replace(/\s*\n\s*/g, " "), cause === undefined ? {} : { cause });
  }
}
