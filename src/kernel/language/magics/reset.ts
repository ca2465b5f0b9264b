import type { Magic } from "./magic.ts";

/** Forgets what earlier cells declared. Names of the cell that says so stay: its imports are bound already. */
export const reset: Magic = {
  usage: "%reset",
  help: "forgets all names of the session",
  run({ scope, declared }) {
    scope.forget(scope.names().filter((name) => !declared.has(name)));
  },
};
