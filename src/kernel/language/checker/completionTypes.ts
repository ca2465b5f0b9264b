import ts from "typescript";

import type { CompletionMatch } from "../../core/interpreter.ts";

/** TypeScript's words for what something is, in JupyterLab's, which has icons for them. Others stay as they are. */
const types: Readonly<Record<string, string>> = {
  [ts.ScriptElementKind.constElement]: "constant",
  [ts.ScriptElementKind.letElement]: "variable",
  [ts.ScriptElementKind.variableElement]: "variable",
  [ts.ScriptElementKind.alias]: "variable",
  [ts.ScriptElementKind.localVariableElement]: "variable",
  [ts.ScriptElementKind.parameterElement]: "variable",
  [ts.ScriptElementKind.variableUsingElement]: "constant",
  [ts.ScriptElementKind.variableAwaitUsingElement]: "constant",
  [ts.ScriptElementKind.localFunctionElement]: "function",
  [ts.ScriptElementKind.localClassElement]: "class",
  [ts.ScriptElementKind.memberFunctionElement]: "method",
  [ts.ScriptElementKind.memberVariableElement]: "property",
  [ts.ScriptElementKind.memberGetAccessorElement]: "property",
  [ts.ScriptElementKind.memberSetAccessorElement]: "property",
  [ts.ScriptElementKind.memberAccessorVariableElement]: "property",
  [ts.ScriptElementKind.enumMemberElement]: "constant",
  [ts.ScriptElementKind.typeElement]: "type",
  [ts.ScriptElementKind.primitiveType]: "type",
  [ts.ScriptElementKind.typeParameterElement]: "type",
  [ts.ScriptElementKind.externalModuleName]: "module",
  [ts.ScriptElementKind.moduleElement]: "module",
  [ts.ScriptElementKind.scriptElement]: "path",
  [ts.ScriptElementKind.directory]: "path",
  [ts.ScriptElementKind.string]: "text",
  [ts.ScriptElementKind.warning]: "text",
};

/** A name with what it is, and with its type when that is wanted. */
export function describeEntry(
  { name, kind, symbol: found }: ts.CompletionEntry,
  checker: ts.TypeChecker,
  { typed }: { typed: boolean },
): CompletionMatch {
  if (found === undefined) return { text: name, type: types[kind] ?? kind, signature: "" };
  const symbol = found.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(found) : found;
  const hasValue = typed && symbol.flags & ts.SymbolFlags.Value;
  const valueType = hasValue ? checker.getTypeOfSymbol(symbol) : undefined;
  return {
    text: name,
    type:
      (symbol === found ? undefined : moduleType(symbol)) ??
      typeOfSymbol(symbol, valueType) ??
      types[kind] ??
      kind,
    signature: typed ? signatureOf(symbol, valueType, checker) : "",
  };
}

/** Some modules are a variable too: what is imported is the module. */
function moduleType({ flags }: ts.Symbol): string | undefined {
  return flags & ts.SymbolFlags.Module && flags & ts.SymbolFlags.Variable ? "module" : undefined;
}

/** What says more than TypeScript's own word: what an import stands for, and that a constant is a function. */
function typeOfSymbol({ flags }: ts.Symbol, type: ts.Type | undefined): string | undefined {
  if (type !== undefined && flags & ts.SymbolFlags.Variable) {
    if (type.getConstructSignatures().length > 0) return "class";
    return type.getCallSignatures().length > 0 ? "function" : undefined;
  }
  if (flags & ts.SymbolFlags.Class) return "class";
  if (flags & ts.SymbolFlags.Function) return "function";
  if (flags & ts.SymbolFlags.Enum) return "enum";
  if (flags & ts.SymbolFlags.Module) return "module";
  if (flags & ts.SymbolFlags.Interface) return "interface";
  return flags & ts.SymbolFlags.TypeAlias ? "type" : undefined;
}

function signatureOf(symbol: ts.Symbol, type: ts.Type | undefined, checker: ts.TypeChecker): string {
  if (type === undefined) {
    const declares = symbol.flags & ts.SymbolFlags.Type;
    return declares ? checker.typeToString(checker.getDeclaredTypeOfSymbol(symbol)) : "";
  }
  const text = checker.typeToString(type);
  const [first, ...others] = type.getCallSignatures();
  // A function with properties is written as `typeof f`, and overloads one after the other.
  if (first === undefined || (others.length === 0 && !text.startsWith("typeof "))) return text;
  const more = others.length === 0 ? "" : ` (+${others.length} overload${others.length === 1 ? "" : "s"})`;
  return checker.signatureToString(first) + more;
}
