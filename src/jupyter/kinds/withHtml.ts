import { hasMethod, type Kind } from "./kind.ts";

interface WithHtml {
  toHTML(): unknown;
}

/** Objects with a method `toHTML`: the tables of Arquero, data frames of Polars and many others. */
export const withHtml: Kind<WithHtml> = {
  is: (value): value is WithHtml => hasMethod(value, "toHTML"),
  async render(value) {
    const html = await value.toHTML();
    return typeof html === "string" ? { "text/html": html } : {};
  },
};
