import { inspect, types } from "node:util";

import type { Variable } from "../core/interpreter.ts";
import { chainOf, isClass, liveValue, parametersOf, propertyOf } from "./liveValue.ts";
import type { SessionScope } from "./sessionScope.ts";

/** What can be said of a value in a line. */
export interface LiveDescription {
  /** `number`, `Array(3)`, `Float32Array(10)`, `Tensor float32 [2,3]`, `function (a, b)`, `class Point`. */
  type: string;
  /** The value in one line, cut after some hundred characters; empty for functions and classes. */
  text: string;
}

/** The text of a value is cut here, in UTF-16 units. */
const maxText = 200;

/**
 * Describes the value that a dotted name has now, for whoever knows its type only as `any`. Nothing of the user's runs.
 * Undefined when there is no such value.
 */
export function describeLive(scope: SessionScope, expression: string): LiveDescription | undefined {
  const live = liveValue(scope, expression);
  return live && "value" in live ? describeValue(live.value) : undefined;
}

/** What the session holds, name by name; or only what it holds by one name. */
export function variablesOf(scope: SessionScope, only?: string): Variable[] {
  const names = scope.names().filter((name) => only === undefined || name === only);
  return names.map((name) => ({ name, ...describeValue(scope.object[name]) }));
}

export function describeValue(value: unknown): LiveDescription {
  if (isClass(value)) return { type: `class ${nameOf(value)}`.trimEnd(), text: "" };
  if (typeof value === "function") {
    const parameters = types.isProxy(value) ? "(…)" : parametersOf(value as () => unknown);
    return { type: `function ${nameOf(value)}${parameters}`, text: "" };
  }
  return { type: typeName(value), text: oneLine(value) };
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  if (typeof value !== "object") return typeof value;
  if (types.isProxy(value)) return "Proxy";
  if (types.isModuleNamespaceObject(value)) return "module";
  const name = nameOf(dataOf(value, "constructor")) || "object";
  const size = sizeOf(value);
  return size === undefined ? name : `${name}${size}`;
}

function sizeOf(value: object): string | undefined {
  if (Array.isArray(value)) return `(${value.length})`;
  if (types.isTypedArray(value)) return `(${value.length})`;
  if (types.isMap(value) || types.isSet(value)) return `(${value.size})`;
  const shape = dataOf(value, "shape");
  if (!Array.isArray(shape)) return undefined;
  const dtype = dataOf(value, "dtype");
  return `${typeof dtype === "string" ? ` ${dtype}` : ""} [${shape.map(String).join(",")}]`;
}

function oneLine(value: unknown): string {
  const text = inspect(value, {
    depth: 1,
    breakLength: Infinity,
    compact: true,
    maxArrayLength: 8,
    maxStringLength: maxText,
    customInspect: false,
  }).replace(/\s+/g, " ");
  return text.length > maxText ? `${text.slice(0, maxText - 1)}…` : text;
}

function nameOf(value: unknown): string {
  const name = typeof value === "function" ? dataOf(value, "name") : undefined;
  return typeof name === "string" ? name : "";
}

/** A property that is no getter. */
function dataOf(value: unknown, name: string): unknown {
  return chainOf(value).length === 0 ? undefined : (propertyOf(value, name)?.value as unknown);
}
