import type { LanguageInfo } from "../core/interpreter.ts";

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
