// `npm run pictures [-- NAME…]`: draws every picture of docs/pictures, or those named, and writes the pages around them.
// A picture is a file NAME.ts whose default export makes a View. Data come from
// CONVOSCOPE_DATA, else from ../shared/data, else from data/.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeIndex } from "./pictures/pages.mjs";
import { root } from "./setup.mjs";

const directory = join(root, "docs/pictures");
const known = readdirSync(directory)
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.slice(0, -".ts".length));
const wanted = process.argv.slice(2).map((name) => name.replace(/^.*\/|\.ts$/g, ""));
const unknown = wanted.find((name) => !known.includes(name));
if (unknown !== undefined) {
  process.stderr.write(`pictures: expected a picture, found "${unknown}"; pictures: ${known.join(", ")}\n`);
  process.exit(1);
}

const beside = join(root, "../shared/data");
const environment = {
  ...process.env,
  CONVOSCOPE_DATA: process.env.CONVOSCOPE_DATA ?? [beside, join(root, "data")].find(existsSync),
  // There `convoscope` is the source, as it is in the checkout, built or not.
  TSX_TSCONFIG_PATH: join(directory, "tsconfig.json"),
};
const draw = fileURLToPath(new URL("pictures/draw.mjs", import.meta.url));
const failed = [];
for (const name of wanted.length > 0 ? wanted : known) {
  const started = performance.now();
  // Each in a process of its own: layers are numbered from 1 and random numbers drawn anew, whatever was drawn before.
  const { status } = spawnSync(process.execPath, ["--import", "tsx", draw, name], {
    cwd: root,
    env: environment,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(`${status === 0 ? "drawn " : "FAILED"} ${name} (${seconds} s)\n`);
  if (status !== 0) failed.push(name);
}
await writeIndex(
  directory,
  known.filter((name) => existsSync(join(directory, `${name}.md`))),
);
if (failed.length > 0) {
  process.stderr.write(`pictures: not drawn: ${failed.join(", ")}\n`);
  process.exit(1);
}
