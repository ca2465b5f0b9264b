// `npm test [-- FILE… mocha's arguments]`: sets up, then runs every test, or those files.
import { join } from "node:path";
import { runNode } from "./main.mjs";
import { root, setupOrExit } from "./setup.mjs";

const args = process.argv.slice(2);
const files = args.some((argument) => argument.endsWith(".ts")) ? [] : ["test/**/*.test.ts"];
await setupOrExit();
const mocha = join(root, "node_modules/mocha/bin/mocha.js");
process.exit(await runNode([mocha, ...files, ...args], { cwd: root }));
