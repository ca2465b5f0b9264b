import { isConstant, type Declared, type SessionNames } from "./cellScope.ts";

/**
 * The names that cells have declared. They are the properties of {@link SessionScope.object}, which rewritten cells read and
 * write; what it does not have is looked up among the names that every cell has, then among Node's globals, so that no cell
 * ever writes over one of those by declaring a name.
 */
export class SessionScope implements SessionNames {
  readonly object: Record<string, unknown>;
  /** What every cell has without import and no library sees; its properties may be getters. */
  readonly #builtins: object;
  readonly #declared = new Map<string, Declared>();

  constructor(builtins: object = {}) {
    this.#builtins = builtins;
    // An assignment reaches the proxy only while the object has no such property: the first one of a declaration.
    const fallback = new Proxy(Object.create(null) as object, {
      has: (_, name) => Object.hasOwn(builtins, name) || name in globalThis,
      get: (_, name) => {
        if (Object.hasOwn(builtins, name)) return Reflect.get(builtins, name) as unknown;
        if (name in globalThis || typeof name === "symbol") return Reflect.get(globalThis, name) as unknown;
        throw new ReferenceError(`${name} is not defined`);
      },
      set: (_, name, value, scope: object) => {
        const isOurs = typeof name === "string" && this.has(name);
        if (isOurs) return define(scope, name, value);
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

  /** Forgets names, as if no cell had declared them. */
  forget(names: Iterable<string>): void {
    for (const name of names) {
      this.#declared.delete(name);
      Reflect.deleteProperty(this.object, name);
    }
  }

  /** The names that have a value, in the order in which they got their first. */
  names(): string[] {
    return Object.keys(this.object);
  }

  has(name: string): boolean {
    return this.#declared.has(name) || Object.hasOwn(this.#builtins, name);
  }

  isConstant(name: string): boolean {
    const declared = this.#declared.get(name);
    return declared !== undefined && isConstant(declared);
  }

  /** How a name is bound, in a cell or for all of them or among Node's globals, without reading it: it may be a getter. */
  binding(name: string): PropertyDescriptor | undefined {
    // Node's is one, which gives it and does nothing else.
    if (name === "process" && !Object.hasOwn(this.object, name)) return { value: process };
    for (const owner of [this.object, this.#builtins, globalThis]) {
      const binding = Reflect.getOwnPropertyDescriptor(owner, name);
      if (binding) return binding;
    }
    return undefined;
  }
}

function define(scope: object, name: string, value: unknown): boolean {
  return Reflect.defineProperty(scope, name, { value, writable: true, enumerable: true, configurable: true });
}
