import type { Host } from "../host.ts";
import { readLine } from "./readLine.ts";
import { readLineSync } from "./readLineSync.ts";

/** Shows the text of a display, and the newer one below the older one: a script in a terminal. */
export const terminalHost: Host = {
  name: "a terminal",
  notebook: false,
  display({ data }) {
    process.stdout.write(`${String(data["text/plain"])}\n`);
  },
  input: readLine,
  inputSync: readLineSync,
};
