import { createRequire } from "node:module";
import type { EncodedSourceMap } from "@jridgewell/remapping";
import type * as TypeScript from "typescript";

import { CellError } from "./cellError.ts";
import type { StrippedCode } from "./stripTypes.ts";
import { parseTypeScript, walk, type Node } from "./syntaxTree.ts";
import type { RuntimeOptions } from "./tsconfig.ts";

/**
 * Whether a source has what this Node does not run and removing types does not mend: decorators, `accessor`, `using`, fields
 * that are to be assigned as in older TypeScript, namespaces in several parts, which see each other's names, and namespaces
 * that export variables.
 */
export function needsCompiler(source: string, options: () => RuntimeOptions): boolean {
  if (!/@|\b(using|accessor|namespace|class)\b/.test(source)) return false;
  const { useDefineForClassFields = true } = options();
  const { program, errors } = parseTypeScript(source);
  // What cannot be parsed is reported by the step that always runs.
  if (errors.length > 0) return false;
  let found = false;
  const namespaces = new Set<string>();
  walk(program, {
    enter(node, parent) {
      found ||= isDecorator(node) || isAccessor(node) || isUsing(node);
      found ||= isExportedVariable(node, parent);
      const namespace = namespaceName(node);
      found ||= namespace !== undefined && namespaces.has(namespace);
      if (namespace !== undefined) namespaces.add(namespace);
      found ||= !useDefineForClassFields && node.type === "PropertyDefinition";
    },
    leave: () => undefined,
  });
  return found;
}

function isDecorator(node: Node): boolean {
  return (node.type as string) === "Decorator";
}

function isAccessor(node: Node): boolean {
  return (node.type as string) === "AccessorProperty";
}

function isUsing(node: Node): boolean {
  return node.type === "VariableDeclaration" && (node.kind as string).endsWith("using");
}

/** `export let` and `export var` inside a namespace, where others see what is assigned later. */
function isExportedVariable(node: Node, parent: Node | undefined): boolean {
  if ((parent?.type as string | undefined) !== "TSModuleBlock" || node.type !== "ExportNamedDeclaration")
    return false;
  return node.declaration?.type === "VariableDeclaration" && node.declaration.kind !== "const";
}

function namespaceName(node: Node): string | undefined {
  const { type, id } = node as { type: string; id?: { name?: string } };
  return type === "TSModuleDeclaration" ? id?.name : undefined;
}

let compiler: typeof TypeScript | undefined;

/** Turns TypeScript into JavaScript with TypeScript's own compiler, which takes some tenths of a second to load. */
export function compile(source: string, filename: string, options: RuntimeOptions): StrippedCode {
  const ts = (compiler ??= createRequire(import.meta.url)("typescript") as typeof TypeScript);
  const { outputText, sourceMapText, diagnostics } = ts.transpileModule(source, {
    fileName: filename,
    reportDiagnostics: true,
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      newLine: ts.NewLineKind.LineFeed,
      sourceMap: true,
      experimentalDecorators: options.experimentalDecorators ?? false,
      emitDecoratorMetadata: options.emitDecoratorMetadata ?? false,
      useDefineForClassFields: options.useDefineForClassFields ?? true,
      verbatimModuleSyntax: options.verbatimModuleSyntax ?? false,
    },
  });
  const error = diagnostics?.find(({ category }) => category === ts.DiagnosticCategory.Error);
  if (error) throw new CellError(ts.flattenDiagnosticMessageText(error.messageText, " "), error.start ?? 0);
  const map = JSON.parse(sourceMapText!) as EncodedSourceMap;
  return {
    code: outputText.replace(/\/\/# sourceMappingURL=.*\s*$/, ""),
    map: { ...map, sources: [filename] },
  };
}
