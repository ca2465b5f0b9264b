// Draws one picture of docs/pictures: its name is the argument. Writes NAME.png, NAME.svg where there is one, and NAME.md.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../setup.mjs";
import { writePage } from "./pages.mjs";

const name = process.argv[2];
const directory = join(root, "docs/pictures");
const { default: make } = await import(pathToFileURL(join(directory, `${name}.ts`)).href);
const view = await make();
await view.save(join(directory, `${name}.png`));
if (view.svg !== undefined) await view.save(join(directory, `${name}.svg`));
const { metadata } = await view.bundle();
await writePage(directory, name, view.text, metadata.alt ?? view.text.split("\n")[0]);
process.exit(0);
