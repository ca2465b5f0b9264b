import { isConfig, isDescribed, type Config, type Described } from "./config.ts";
import { camelCase } from "./layerClass.ts";

/** A tensor of a model: which of the results of which call of which layer. */
export type Reference = [layer: string, node: number, tensor: number, ...rest: unknown[]];

/** The names of the tensors that a call of these classes can have, in Keras' order; for others there is one, or a list. */
export const signatures: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  ["MultiHeadAttention", "GroupedQueryAttention"].map((name) => [
    name,
    ["query", "value", "key", "query_mask", "value_mask", "key_mask", "attention_mask"],
  ]),
);

/** Settings of a call that layers here know, beside its tensors. */
export const known = ["training", "use_causal_mask", "return_attention_scores"];

/** Operations that Keras leaves in a file where it computes masks; here the layers compute them. */
const maskOperations =
  "NotEqual Any LogicalOr ExpandDims OnesLike ZerosLike Concatenate ConvertToTensor".split(" ");

/** The layers of a functional model by their names. */
export type Siblings = ReadonlyMap<string, Described>;

const isTensor = (value: unknown): value is Described =>
  isDescribed(value) && value.class_name === "__keras_tensor__";

const referenceOf = ({ config }: Described) => config.keras_history as Reference;

/** All tensors of an argument, in the order in which a model lists its inputs. */
function tensorsOf(argument: unknown, callee: Described): Reference[] {
  if (Array.isArray(argument)) return argument.flatMap((item) => tensorsOf(item, callee));
  if (isTensor(argument)) return [referenceOf(argument)];
  if (argument === null || argument === undefined) return [];
  if (isConfig(argument) && !isDescribed(argument)) {
    const { input_layers: inputs } = callee.config;
    const names = isConfig(inputs)
      ? Object.keys(inputs)
      : ((inputs ?? []) as Reference[]).map(([name]) => name);
    const entries = names.every((name) => name in argument) ? names.map((name) => argument[name]) : [];
    if (entries.length > 0) return tensorsOf(entries, callee);
  }
  throw new Error(`a call with ${JSON.stringify(argument).slice(0, 80)} among its tensors`);
}

function isComputedMask(mask: unknown, siblings: Siblings): boolean {
  const masks = (isConfig(mask) && !isDescribed(mask) ? Object.values(mask) : [mask].flat()).filter(
    (one) => one !== null,
  );
  return masks.every(
    (one) => isTensor(one) && maskOperations.includes(siblings.get(referenceOf(one)[0])?.class_name ?? ""),
  );
}

interface Call {
  args: unknown[];
  kwargs: Config;
}

/** The tensors of a call under their names. */
function namedTensors(names: readonly string[], { args, kwargs }: Call): [name: string, tensor: unknown][] {
  const given = names.map((name, index): [string, unknown] => [name, args[index] ?? kwargs[name]]);
  return given.filter(([, value]) => value !== null && value !== undefined);
}

/** One call as TensorFlow.js writes it: its tensors, the last with the settings of the call. */
function callFrom(call: Call, callee: Described, siblings: Siblings): Reference[] {
  const { args, kwargs } = call;
  const settings: Config = {};
  for (const key of known) if (kwargs[key] !== null && kwargs[key] !== undefined) settings[key] = kwargs[key];
  const names = signatures[callee.class_name];
  const tensors = names
    ? namedTensors(names, call)
    : [...args, kwargs.inputs, kwargs.sequences, kwargs.initial_state].flatMap((argument) =>
        tensorsOf(argument, callee).map((tensor): [string, unknown] => ["", tensor]),
      );
  const usual = ["inputs", "sequences", "initial_state", "mask", ...known, ...(names ?? [])];
  const other = Object.entries(kwargs).find(([key, value]) => !usual.includes(key) && value !== null);
  if (other) throw new Error(`a call with ${other[0]}`);
  if (!isComputedMask(kwargs.mask ?? [], siblings)) throw new Error("a call with a mask of its own");
  if (names) {
    const roles = tensors.map(([name]) => camelCase(name));
    const plain = ["query", "value", "key"].slice(0, roles.length);
    if (roles.join() !== plain.join()) settings.roles = roles;
  }
  return tensors.map(([, tensor], index): Reference => {
    const [layer, node, place] = isTensor(tensor) ? referenceOf(tensor) : (tensor as Reference);
    return [layer, node, place, index === tensors.length - 1 ? settings : {}];
  });
}

/** What a layer is called on, in the words of TensorFlow.js and Keras 2. Keras 3 has arguments with and without names. */
export function nodesFrom(callee: Described, siblings: Siblings): Reference[][] | undefined {
  const { inbound_nodes: nodes } = callee;
  if (!Array.isArray(nodes)) return undefined;
  return (nodes as unknown[]).map((node) =>
    isConfig(node) && "args" in node
      ? callFrom(node as unknown as Call, callee, siblings)
      : (node as Reference[]),
  );
}

/** Whether a file has calls as Keras 3 writes them. */
export const isKeras3Call = (node: unknown): boolean => isConfig(node) && "args" in node;
