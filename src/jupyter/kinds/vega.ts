import { hasMethod, type Kind } from "./kind.ts";

type Specification = Record<string, unknown>;

/** Specifications of Vega and Vega-Lite, and objects with a method `toSpec` as those of Vega-Lite's own API for JavaScript. */
export const vega: Kind = {
  is: (value): value is object =>
    hasMethod(value, "toSpec") || schemaOf(value as Specification) !== undefined,
  render(value) {
    const specification = plainJson(hasMethod(value, "toSpec") ? value.toSpec() : value);
    const { language, version } = schemaOf(specification) ?? { language: "vega-lite", version: 5 };
    const lite = language === "vega-lite";
    const type = lite ? `vegalite.v${Math.min(5, Math.max(3, version))}` : "vega.v5";
    const text = `${lite ? "Vega-Lite" : "Vega"} chart${describe(specification)}`;
    return { [`application/vnd.${type}+json`]: specification, "text/plain": text };
  },
};

/** What `$schema` names, as in `https://vega.github.io/schema/vega-lite/v5.json`. */
function schemaOf({ $schema }: Specification): { language: string; version: number } | undefined {
  const [, language, version] = /\/(vega|vega-lite)\/v(\d+)[\w.-]*$/.exec(String($schema)) ?? [];
  return language === undefined ? undefined : { language, version: Number(version) };
}

function describe({ title, description, mark }: Specification): string {
  const of = (value: unknown, key: string): unknown =>
    typeof value === "object" && value !== null ? (value as Specification)[key] : value;
  const said = of(title, "text") ?? description ?? of(mark, "type");
  return typeof said === "string" ? `: ${said}` : "";
}

/** The same as JSON carries it, with typed arrays as arrays and big integers as numbers. */
function plainJson(value: unknown): Specification {
  const text = JSON.stringify(value, (_key, item: unknown) => {
    if (ArrayBuffer.isView(item)) return Array.from(item as Float32Array);
    return typeof item === "bigint" ? Number(item) : item;
  });
  return JSON.parse(text) as Specification;
}
