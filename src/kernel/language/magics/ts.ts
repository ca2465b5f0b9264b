import { InputError } from "../../../errors.ts";
import type { Magic } from "./magic.ts";
import { policies } from "../checker/policy.ts";

/** Sets what happens to type errors. Whoever checks types reads it from the cell itself; here it is only looked at. */
export const ts: Magic = {
  usage: `%ts ${policies.join("|")}`,
  help: "what happens to type errors: shown beside the output, shown instead of running, or not looked for",
  run({ argument }) {
    if (policies.some((policy) => policy === argument)) return;
    const found = argument === "" ? "nothing" : `"${argument}"`;
    throw new InputError({ who: "%ts", expected: policies.join(", "), found });
  },
};
