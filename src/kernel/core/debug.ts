import { integerOf, objectOf, textOf } from "./content.ts";
import type { Kernel, Request } from "./kernel.ts";
import type { JsonObject } from "./transport.ts";

type Command = (kernel: Kernel, request: Request, asked: Record<string, unknown>) => Promise<JsonObject>;

/** What is answered of the Debug Adapter Protocol as Jupyter extends it: what shows variables. There are no breakpoints. */
const commands: ReadonlyMap<string, Command> = new Map<string, Command>([
  ["debugInfo", debugInfo],
  ["inspectVariables", inspectVariables],
  ["richInspectVariables", richInspectVariables],
]);

/** Front ends read the answer in the words of the Debug Adapter Protocol, a refusal too. */
export async function debug(kernel: Kernel, request: Request): Promise<JsonObject> {
  const { content } = request;
  const command = textOf(content.command);
  const reply = {
    type: "response",
    seq: 0,
    request_seq: integerOf(content.seq) ?? 0,
    command,
  };
  try {
    const answer = commands.get(command);
    if (answer === undefined) throw new Error(`this kernel has no debugger: it knows ${known}`);
    const body = await answer(kernel, request, objectOf(content.arguments));
    return { ...reply, success: true, body };
  } catch (error) {
    return { ...reply, success: false, message: (error as Error).message, body: {} };
  }
}

const known = [...commands.keys()].join(", ");

function debugInfo(): Promise<JsonObject> {
  return Promise.resolve({
    isStarted: false,
    hashMethod: "",
    hashSeed: 0,
    tmpFilePrefix: "",
    tmpFileSuffix: ".ts",
    breakpoints: [],
    stoppedThreads: [],
    richRendering: true,
    exceptionPaths: [],
    copyToGlobals: false,
  });
}

/** The names of the session. The reference 0 says that there is nothing to unfold. */
async function inspectVariables({ interpreter }: Kernel): Promise<JsonObject> {
  const variables = (await interpreter.variables()).map(({ name, type, text }) => ({
    name,
    evaluateName: name,
    type,
    value: text === "" ? type : text,
    variablesReference: 0,
  }));
  return { variables };
}

/** A value of the session as a cell would show it. */
async function richInspectVariables(
  { interpreter, origins }: Kernel,
  { parent }: Request,
  { variableName }: Record<string, unknown>,
): Promise<JsonObject> {
  if (typeof variableName !== "string" || (await interpreter.variables(variableName)).length === 0) {
    const names = (await interpreter.variables()).map(({ name }) => name);
    throw new Error(`no variable ${JSON.stringify(variableName)}; there are: ${names.join(", ") || "none"}`);
  }
  const outcome = await interpreter.evaluate(variableName, origins.add(parent));
  if (outcome.status === "error") throw new Error(`${outcome.ename}: ${outcome.evalue}`);
  return { data: outcome.result?.data ?? {}, metadata: outcome.result?.metadata ?? {} };
}
