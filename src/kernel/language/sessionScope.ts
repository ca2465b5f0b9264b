import { isConstant, type Declared, type SessionNames } from "./cellScope.ts";

/**
 * The names that cells have declared. They are the properties of {@link SessionScope.object}, which rewritten cells read and
 * write; what it does not have is looked up among Node's globals, so that no cell ever writes over one of those by declaring
 * a name.
 */
export class SessionScope implements SessionNames {
  readonly object: Record<string, unknown>;
  readonly #declared = new Map<string, Declared>();

  constructor() {
    // An assignment reaches the proxy only while the object has no such property: the first one of a declaration.
    const fallback = new Proxy(Object.create(null) as object, {
      has: (_, name) => name in globalThis,
      get: (_, name) => {
        if (name in globalThis || typeof name === "symbol") return Reflect.get(globalThis, name) as unknown;
        throw new ReferenceError(`${name} is not defined`);
      },
      set: (_, name, value, scope: object) => {
        if (typeof name === "string" && this.#declared.has(name)) return define(scope, name, value);
        if (name in globalThis) return Reflect.set(globalThis, name, value);
        throw new ReferenceError(`${String(name)} is not defined`);
      },
    });
    this.object = Object.create(fallback) as Record<string, unknown>;
  }

  /** Announces the names of a cell that is about to run. */
  declare(names: Declared[]): void {
    for (const declared of names) {
      this.#declared.set(declared.name, declared);
      // As in scripts, a `var` leaves the value that an earlier one gave; an enum starts without the members of an old one.
      const isNew = declared.kind === "var" && !Object.hasOwn(this.object, declared.name);
      if (isNew || declared.kind === "enum") define(this.object, declared.name, undefined);
    }
  }

  has(name: string): boolean {
    return this.#declared.has(name);
  }

  isConstant(name: string): boolean {
    const declared = this.#declared.get(name);
    return declared !== undefined && isConstant(declared);
  }
}

function define(scope: object, name: string, value: unknown): boolean {
  return Reflect.defineProperty(scope, name, { value, writable: true, enumerable: true, configurable: true });
}
