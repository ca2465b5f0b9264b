// `npm test [-- FILE… mocha's arguments]`: sets up, then runs every test, or those files.
import { join } from "node:path";
import { runNode } from "./main.mjs";
import { root, setupOrExit } from "./setup.mjs";

await setupOrExit();
process.exit(
  await runNode([join(root, "node_modules/mocha/bin/mocha.js"), ...process.argv.slice(2)], { cwd: root }),
);
