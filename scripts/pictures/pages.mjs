// The pages around the pictures: one for each, and an index with all of them.
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { format } from "prettier";

/** The sections of the index, and the functions whose pictures stand there. */
const sections = {
  "The model": ["summary", "diagram", "filters", "histograms", "receptiveField"],
  "The training": ["curves", "liveCurves"],
  "The data": ["gallery"],
  "The data's way": ["activations", "comparison", "filterAcross", "deadFilters"],
  "The reasons": [
    ...["saliency", "smoothGrad", "integratedGradients", "gradCam", "occlusion"],
    ...["maximizeActivation", "deepDream", "ablate"],
  ],
  "The verdict": [
    ...["predictions", "confusionMatrix", "misclassified", "perClassAccuracy", "calibration"],
    ...["embedding", "nearest", "similarity"],
  ],
};
const other = "More";
/** Longer findings are folded. */
const mostLines = 12;

/** Writes NAME.md: the title, what the picture says, the picture itself and the code that made it. */
export async function writePage(directory, name, finding, alt) {
  const code = await readFile(join(directory, `${name}.ts`), "utf8");
  const block = `\`\`\`text\n${finding}\n\`\`\``;
  const isLong = finding.split("\n").length > mostLines;
  const page = [
    `# ${titleOf(name, code)}`,
    isLong ? `<details><summary>In words</summary>\n\n${block}\n\n</details>` : block,
    `![${alt.replace(/[[\]\n]/g, " ")}](${name}.png)`,
    existsSync(join(directory, `${name}.svg`)) ? `The same as [SVG](${name}.svg).` : "",
    `\`\`\`ts\n${code.trimEnd()}\n\`\`\``,
    "[All pictures](README.md)",
  ];
  await writePretty(join(directory, `${name}.md`), page);
}

/** Writes README.md: the pictures that are named, small, by section. */
export async function writeIndex(directory, names) {
  const page = [
    "# Pictures",
    "What each function draws, from real data; `npm run pictures` draws them anew.",
  ];
  const left = new Set(names);
  for (const [section, functions] of [...Object.entries(sections), [other, [""]]]) {
    const inSection = functions.flatMap((start) => {
      const own = [...left].filter((name) => name.startsWith(start));
      own.forEach((name) => left.delete(name));
      return own;
    });
    if (inSection.length === 0) continue;
    page.push(`## ${section}`);
    for (const name of inSection) {
      const title = titleOf(name, await readFile(join(directory, `${name}.ts`), "utf8"));
      page.push(
        `### [${title}](${name}.md)`,
        `<a href="${name}.md"><img src="${name}.png" alt="${title}" height="180"></a>`,
      );
    }
  }
  await writePretty(join(directory, "README.md"), page);
}

/** The first sentence of the comment that the file begins with, else its name. */
function titleOf(name, code) {
  const comment = /^(?:\/\*\*?|\/\/)\s*(.+?)(?:\.\s|\.?\s*\*\/|\.?\n)/.exec(code);
  return comment?.[1] ?? name;
}

async function writePretty(path, parts) {
  const text = parts.filter((part) => part !== "").join("\n\n");
  await writeFile(
    path,
    await format(text, { parser: "markdown", printWidth: 110, embeddedLanguageFormatting: "off" }),
  );
}
