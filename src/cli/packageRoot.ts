import { fileURLToPath } from "node:url";

/** Where this package lies, seen from its source as well as from what is built of it. */
export const packageRoot = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");
