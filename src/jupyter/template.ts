import { inspect } from "node:util";
import { escapeHtml } from "../escapeHtml.ts";
import { chain, chainAll, type Eventual } from "./chain.ts";
import { displaySymbol, isDisplayable, type Displayable, type MimeData } from "./mimeBundle.ts";
import { cutText } from "./plainText.ts";
import { toBundle } from "./toBundle.ts";

/** What {@link html}, {@link svg} and {@link md} make: it shows itself, and can be put into another one. */
export interface Markup extends Displayable {
  readonly type: MarkupType;
  /** The markup. A picture inside, or another value that shows itself, is not drawn here. */
  toString(): string;
}

export type MarkupType = "text/html" | "image/svg+xml" | "text/markdown";

/** Makes markup of a template, or of a string that is markup already. */
export type MarkupTag = (source: TemplateStringsArray | string, ...values: unknown[]) => Markup;

/**
 * HTML that shows itself. What is filled in is text and is escaped; markup stays markup, pictures and other values that show
 * themselves are shown, a list is joined, and `undefined`, `null` and `false` are nothing. Called with a string, it takes it as it is.
 *
 * ```ts
 * const names = ["Ada", "<script>"];
 * html`<ul>${names.map((name) => html`<li>${name}</li>`)}</ul>`; // shows <script> as these letters
 * html("<b>bold</b>");
 * ```
 */
export const html: MarkupTag = tag("text/html");

/**
 * A picture in SVG that shows itself. Values are filled in as {@link html} does it.
 *
 * ```ts
 * svg`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" width="90"><circle cx="4.5" cy="4.5" r="${4}"/></svg>`;
 * ```
 */
export const svg: MarkupTag = tag("image/svg+xml");

/**
 * Markdown that shows itself. Text is filled in as it is, because it is Markdown itself; everything else as {@link html} does it.
 *
 * ```ts
 * const accuracy = 0.981;
 * md`**${(100 * accuracy).toFixed(1)} %** of the pictures are right`;
 * ```
 */
export const md: MarkupTag = tag("text/markdown");

function tag(type: MarkupType): MarkupTag {
  return (source, ...values) => new Template(type, typeof source === "string" ? [source] : source, values);
}

const maxText = 10_000;

class Template implements Markup {
  readonly type: MarkupType;
  readonly #strings: readonly string[];
  readonly #values: readonly unknown[];

  constructor(type: MarkupType, strings: readonly string[], values: readonly unknown[]) {
    this.type = type;
    this.#strings = strings;
    this.#values = values;
  }

  [displaySymbol](): Eventual<MimeData> {
    return chainAll(
      this.#values.map((value) => this.#draw(value)),
      (texts) => {
        const markup = this.#join(texts);
        const text =
          this.type === "image/svg+xml" ? `SVG, ${markup.length.toLocaleString("en")} characters` : markup;
        return { [this.type]: markup, "text/plain": cutText(text, maxText) };
      },
    );
  }

  toString(): string {
    return this.#join(this.#values.map((value) => this.#print(value)));
  }

  [inspect.custom](): string {
    return this.toString();
  }

  /** A value as it is filled in when there is time to draw it. */
  #draw(value: unknown): Eventual<string> {
    if (Array.isArray(value))
      return chainAll(
        value.map((item) => this.#draw(item)),
        (texts) => texts.join(""),
      );
    if (!isDisplayable(value)) return this.#print(value);
    return chain(toBundle(value), ({ data }) =>
      typeof data[this.type] === "string" ? String(data[this.type]) : richestHtml(data),
    );
  }

  #print(value: unknown): string {
    if (Array.isArray(value)) return value.map((item) => this.#print(item)).join("");
    if (value === undefined || value === null || value === false) return "";
    if (isMarkup(value)) return String(value);
    const text = hasNoText(value) ? inspect(value) : `${value as string}`;
    return this.type === "text/markdown" ? text : escapeHtml(text);
  }

  #join(texts: readonly string[]): string {
    return this.#strings.map((string, index) => string + (texts[index] ?? "")).join("");
  }
}

/** Also of another copy of this package. */
function isMarkup(value: unknown): value is Markup {
  return isDisplayable(value) && "type" in value && markupTypes.includes(value.type as MarkupType);
}

const markupTypes: readonly MarkupType[] = ["text/html", "image/svg+xml", "text/markdown"];

/** Whether a value would be filled in as "[object Object]". */
function hasNoText(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const own: unknown = Reflect.get(value, "toString");
  return typeof own !== "function" || own === Object.prototype.toString;
}

/** The richest representation that can stand in HTML. */
function richestHtml(data: MimeData): string {
  const markup = data["text/html"] ?? data["image/svg+xml"];
  if (typeof markup === "string") return markup;
  const [type, content] = Object.entries(data).find(([name]) => name.startsWith("image/")) ?? [];
  const text = escapeHtml(String(data["text/plain"]));
  return typeof content === "string"
    ? `<img src="data:${type};base64,${content}" alt="${text}">`
    : `<pre>${text}</pre>`;
}
