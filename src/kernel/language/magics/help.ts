import { InputError } from "../../../errors.ts";
import { describeLive } from "../describeLive.ts";
import type { Magic } from "./magic.ts";

/** Opens the pager with what is known of a name: `name?`, and `name??` with its source. */
export const help: Magic = {
  usage: "name?",
  help: "what is known of a name, in the pager; name?? with its source",
  async run({ name, argument, scope, inspect, ask }) {
    const known = await inspect(argument, name === "??" ? 1 : 0);
    const live = describeLive(scope, argument);
    if (!known && !live) throw new InputError({ who: name, expected: "a known name", found: argument });
    const data = known?.data ?? {
      "text/plain": [argument, live!.type, live!.text].filter(Boolean).join("\n"),
    };
    ask({ source: "page", data, start: 0 });
  },
};
