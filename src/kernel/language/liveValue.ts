import { types } from "node:util";

import type { SessionScope } from "./sessionScope.ts";

/** The value of an expression, or that only running code would tell it. */
export type Live = { value: unknown } | { unknown: true };

const step =
  /^(?:\??\.\s*([\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*)|\[\s*(?:(\d+)|"([^"\\]*)"|'([^'\\]*)')\s*\])/u;
const head = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/u;

/**
 * The value of `a.b.c`, `a[0]` or `a["x"]` in the session as it is now. Nothing runs: no getter, no trap of a proxy, no call.
 * Undefined when there is no such value, or the expression is another.
 */
export function liveValue(scope: SessionScope, expression: string): Live | undefined {
  let rest = expression.trim();
  const name = head.exec(rest)?.[0];
  if (name === undefined) return undefined;
  let binding = scope.binding(name);
  for (rest = rest.slice(name.length).trimStart(); rest !== "";) {
    const match = step.exec(rest);
    if (!match || !binding) return undefined;
    if (!("value" in binding)) return { unknown: true };
    const [text, property, index, double, single] = match;
    binding = propertyOf(binding.value, property ?? index ?? double ?? single!);
    rest = rest.slice(text.length).trimStart();
  }
  if (!binding) return undefined;
  return "value" in binding ? { value: binding.value as unknown } : { unknown: true };
}

/** A property, own or inherited, as it is described; undefined when there is none or only a proxy could tell. */
export function propertyOf(value: unknown, name: string): PropertyDescriptor | undefined {
  for (const owner of chainOf(value)) {
    const property = Reflect.getOwnPropertyDescriptor(owner, name);
    if (property) return property;
  }
  return undefined;
}

/** A value and its prototypes, up to the first proxy. Strings and numbers have the members of their wrappers. */
export function chainOf(value: unknown): object[] {
  const chain: object[] = [];
  let owner: object | null = value === null || value === undefined ? null : (Object(value) as object);
  while (owner !== null && !types.isProxy(owner)) {
    chain.push(owner);
    owner = Reflect.getPrototypeOf(owner);
  }
  return chain;
}

/** Whether a function is there to be called with `new`: the prototype of a class cannot be replaced. */
export function isClass(value: unknown): boolean {
  return (
    typeof value === "function" &&
    !types.isProxy(value) &&
    Reflect.getOwnPropertyDescriptor(value, "prototype")?.writable === false
  );
}

/** The parameters of a function as they stand in its source, without types. */
export function parametersOf(value: (...parameters: never[]) => unknown): string {
  const source = Function.prototype.toString.call(value);
  const start = source.indexOf("(");
  if (start < 0 || source.includes("[native code]")) return "(…)";
  const arrow = source.indexOf("=>");
  if (arrow >= 0 && arrow < start)
    return `(${source
      .slice(0, arrow)
      .replace(/^async\s/, "")
      .trim()})`;
  let depth = 0;
  for (let at = start; at < source.length; at++) {
    if ("([{".includes(source[at]!)) depth++;
    if (")]}".includes(source[at]!) && --depth === 0) return source.slice(start, at + 1).replace(/\s+/g, " ");
  }
  return "(…)";
}
