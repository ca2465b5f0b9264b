import hljs from "highlight.js/lib/common";
import { escapeHtml } from "../../escapeHtml.ts";

/** Code as HTML with `hljs-…` classes; as plain text where the language is unknown. */
export function highlight(code: string, language: string | undefined): string {
  const known = language !== undefined && hljs.getLanguage(language) !== undefined;
  return known ? hljs.highlight(code, { language, ignoreIllegals: true }).value : escapeHtml(code);
}
