import type { MimeData } from "../mimeBundle.ts";

/**
 * Values that have a better representation than what `console.log` prints. They are known by their shape and never by their class:
 * the classes are those of packages that the kernel must not load, and there may be several copies of them.
 */
export interface Kind<T extends object = object> {
  /** May throw, as getters do: then the value is not of this kind. */
  is(value: object): value is T;
  /** May throw: then the value is shown as text. Without `text/plain` the value is printed as any other. */
  render(value: T): MimeData | Promise<MimeData>;
}

/** Whether a value has a method of this name. Asked with `in` first: there are proxies that answer every property with a function. */
export function hasMethod<Name extends string>(
  value: object,
  name: Name,
): value is Record<Name, (...parameters: unknown[]) => unknown> {
  return name in value && typeof (value as Record<Name, unknown>)[name] === "function";
}
