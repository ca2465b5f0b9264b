import type { Interpreter, LanguageInfo } from "../core/interpreter.ts";

/** What a front end needs to know of the language. `codemirror_mode` is a string: some front ends break on an object. */
export const languageInfo: LanguageInfo = {
  name: "typescript",
  version: process.versions.node,
  mimetype: "text/typescript",
  file_extension: ".ts",
  pygments_lexer: "typescript",
  codemirror_mode: "typescript",
  nbconvert_exporter: "script",
};

export const banner = `TypeScript on Node.js ${process.version} (Convoscope)`;

export const helpLinks: Interpreter["helpLinks"] = [
  { text: "TypeScript", url: "https://www.typescriptlang.org/docs/" },
  { text: "Node.js", url: `https://nodejs.org/docs/${process.version}/api/` },
];
