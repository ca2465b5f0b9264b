import { cutText } from "../plainText.ts";
import type { Kind } from "./kind.ts";

interface Element {
  readonly outerHTML: string;
}

const maxSource = 10_000;

/** Elements of a document, of jsdom, linkedom and others. */
export const element: Kind<Element> = {
  is: (value): value is Element => "outerHTML" in value && typeof value.outerHTML === "string",
  render({ outerHTML }) {
    const type = /^\s*<svg[\s>]/i.test(outerHTML) ? "image/svg+xml" : "text/html";
    return { [type]: outerHTML, "text/plain": cutText(outerHTML, maxSource) };
  },
};
