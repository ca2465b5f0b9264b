import type { Host } from "../host.ts";

/** Shows the text of a display, and the newer one below the older one: a script in a terminal. */
export const terminalHost: Host = {
  notebook: false,
  display({ data }) {
    process.stdout.write(`${String(data["text/plain"])}\n`);
  },
};
