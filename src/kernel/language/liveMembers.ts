import { types } from "node:util";

import { describeValue } from "./describeLive.ts";
import { chainOf, isClass, liveValue } from "./liveValue.ts";
import type { SessionScope } from "./sessionScope.ts";

/** A member of a value as it is now, in the words of JupyterLab's completer. */
export interface LiveMember {
  name: string;
  /** `function`, `class`, `module`, `instance` or `property`. */
  type: string;
  /** The type of its value, or a function's parameters; empty for getters, which are not run. */
  signature: string;
}

/** Members listed at most; an object may be a dictionary of thousands. */
const maxMembers = 1000;

/** What may stand behind the dot of a dotted name, read from its value without running anything of the user's. */
export function liveMembers(scope: SessionScope, expression: string): LiveMember[] {
  const live = liveValue(scope, expression);
  if (!live || !("value" in live)) return [];
  const members = new Map<string, LiveMember>();
  for (const owner of chainOf(live.value)) {
    // Every object has these; nobody looks for them.
    if (owner === Object.prototype && owner !== live.value) break;
    for (const name of Object.getOwnPropertyNames(owner)) {
      if (members.size >= maxMembers) return [...members.values()];
      if (!members.has(name) && isMember(name, owner, live.value))
        members.set(name, describeMember(name, Reflect.getOwnPropertyDescriptor(owner, name)));
    }
  }
  return [...members.values()];
}

function isMember(name: string, owner: object, value: unknown): boolean {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) && (name !== "constructor" || owner === value);
}

function describeMember(name: string, binding: PropertyDescriptor | undefined): LiveMember {
  if (!binding || !("value" in binding)) return { name, type: "property", signature: "" };
  const value = binding.value as unknown;
  return { name, type: wordFor(value), signature: describeValue(value).type };
}

function wordFor(value: unknown): string {
  if (isClass(value)) return "class";
  if (typeof value === "function") return "function";
  if (typeof value !== "object" || value === null || types.isProxy(value)) return "property";
  if (types.isModuleNamespaceObject(value)) return "module";
  const prototype = Reflect.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype ? "property" : "instance";
}
