import type { CellRegistry } from "./cellRegistry.ts";
import { parse, walk, type Node } from "./syntaxTree.ts";

/**
 * Makes the text of a cell's function what the user wrote, without types, and not what runs: it is shown, and sent into browsers and
 * threads, where nothing of the session is known.
 */
export function installFunctionText(cells: CellRegistry): void {
  const native = Reflect.get(Function.prototype, "toString");
  function toString(this: unknown): string {
    const text = Reflect.apply(native, this === toString ? native : this, []);
    // Each name that the rewriting adds has it.
    return text.includes("$") ? (cells.originalOf(text) ?? text) : text;
  }
  Reflect.defineProperty(Function.prototype, "toString", { value: toString });
}

/** The text of the function, class or method that begins at an offset; undefined when none does. */
export function functionAt(code: string, offset: number, filename: string): string | undefined {
  let found: string | undefined;
  walk(parse(code, filename), {
    enter(node) {
      if (found === undefined && isFunctionFrom(node, code, offset)) found = code.slice(offset, node.end);
    },
    leave: () => undefined,
  });
  return found;
}

function isFunctionFrom(node: Node, code: string, offset: number): boolean {
  switch (node.type) {
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
    case "ClassDeclaration":
    case "ClassExpression":
      return node.start === offset;
    case "Property":
      return node.start === offset && (node.method || node.kind !== "init");
    case "MethodDefinition":
      // A function does not know of this word before it.
      return offset === node.start || (node.static && /^static\s+$/.test(code.slice(node.start, offset)));
    default:
      return false;
  }
}
