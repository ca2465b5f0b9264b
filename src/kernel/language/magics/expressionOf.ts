import { InputError } from "../../../errors.ts";
import type { MagicContext } from "./magic.ts";

/** The expression behind a magic. Throws an {@link InputError} when there is none. */
export function expressionOf({ name, argument, expression }: MagicContext): () => unknown {
  if (expression) return expression;
  const found = argument === "" ? "nothing" : argument;
  throw new InputError({ who: `%${name}`, expected: "an expression", found });
}
