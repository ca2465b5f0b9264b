import { operationModule, operations } from "../layers/operations.ts";
import { isConfig, isDescribed, type Config, type Described } from "./config.ts";
import { camelCase, snakeCase } from "./layerClass.ts";
import type { Reference } from "./nodes.ts";
import { tensorToKeras, type LayerCall } from "./nodesToKeras.ts";

/** Functions that Keras 2 calls by TensorFlow's names, and Keras 3's operations. */
const functions: Readonly<Record<string, string>> = {
  abs: "absolute",
  bias_add: "add",
  clip_by_value: "clip",
  concat: "concatenate",
  getitem: "get_item",
  pow: "power",
  reduce_max: "max",
  reduce_mean: "mean",
  reduce_min: "min",
  reduce_sum: "sum",
  reverse: "flip",
  swish: "silu",
  truediv: "true_divide",
};

/** Settings of those functions under Keras 3's names, and what says nothing. */
const settings: Readonly<Record<string, string>> = {
  clip_value_max: "x_max",
  clip_value_min: "x_min",
  method: "interpolation",
  paddings: "pad_width",
  perm: "axes",
  shape: "newshape",
  slice_spec: "key",
};
const unsaid = ["name", "conjugate", "data_format", "mode", "constant_values", "dtype", "antialias"];

const isReference = (value: unknown): value is Reference =>
  Array.isArray(value) && value.length >= 3 && typeof value[0] === "string" && typeof value[1] === "number";

/** An index of `x[…]` in either version's words. */
function indexOf(value: unknown): unknown {
  if (!isConfig(value)) return value;
  if (value.class_name === "__ellipsis__") return { ellipsis: true };
  return isDescribed(value) ? value.config : value;
}

/** An operation whose operands and settings are known. */
function operation(
  name: string,
  described: Described,
  operands: unknown[],
  tensors: Reference[],
  options: Config,
) {
  const said = Object.entries(options).filter(([key, value]) => !unsaid.includes(key) && value !== null);
  if (name === "cast") said.push(["dtype", options.dtype]);
  const { name: own } = described.config;
  return {
    class_name: "Operation",
    ...(described.name !== undefined && { name: described.name }),
    config: { name: own, trainable: true, operation: name, operands, options: Object.fromEntries(said) },
    inbound_nodes: [tensors.map(([layer, node, tensor]) => [layer, node, tensor, {}])],
  };
}

function fromKeras3(entry: Described, name: string): Described | undefined {
  const [node, ...others] = entry.inbound_nodes as { args: unknown[]; kwargs: Config }[];
  if (node === undefined || others.length > 0) return undefined;
  const tensors: Reference[] = [];
  const take = (value: unknown): boolean => {
    const isTensor = isDescribed(value) && value.class_name === "__keras_tensor__";
    if (isTensor) tensors.push(value.config.keras_history as Reference);
    return isTensor;
  };
  const named = Object.entries(node.kwargs);
  // The name is among what says nothing.
  const options: Config = {
    ...entry.config,
    ...Object.fromEntries(named.filter(([, value]) => !isDescribed(value))),
  };
  const given = [...node.args, ...named.flatMap(([, value]) => (isDescribed(value) ? [value] : []))];
  const operands = given.flatMap((argument): unknown[] => {
    if (take(argument)) return [null];
    if (Array.isArray(argument) && argument.every(take)) return [];
    if (name !== "get_item") return [isDescribed(argument) ? argument.config.value : argument];
    options.key = [argument].flat().map(indexOf);
    return [];
  });
  return operation(name, entry, operands, tensors, options);
}

function fromKeras2(entry: Described, name: string): Described | undefined {
  const [node, ...others] = entry.inbound_nodes as unknown[][];
  if (node === undefined || others.length > 0) return undefined;
  const tensors: Reference[] = [];
  const operands: unknown[] = [];
  const take = (value: unknown) => {
    const isTensor = isReference(value) && value[0] !== "_CONSTANT_VALUE";
    if (isTensor) tensors.push(value);
    operands.push(isTensor ? null : isReference(value) ? value[2] : value);
  };
  const isList = !isReference(node);
  const first = isList ? (node as Reference[]) : [node];
  first.forEach(take);
  if (isList) operands.length = 0;
  const { y, bias, ...rest } = (first[0]![3] ?? {}) as Config;
  for (const other of [y, bias]) if (other !== undefined) take(other);
  const options = Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [
      settings[key] ?? key,
      key === "slice_spec" ? [value].flat().map(indexOf) : value,
    ]),
  );
  if (name === "resize") options.interpolation ??= "bilinear";
  return operation(name, entry, operands, tensors, options);
}

/**
 * A single operation that a file holds between layers, as `x / 127.5 - 1` leaves it: Keras 3's `keras.ops`, Keras 2's
 * TFOpLambda and SlicingOpLambda.
 *
 * @returns undefined for a layer
 * @throws a text where there is no such operation here
 */
export function operationFromKeras(entry: Described): Described | undefined {
  const { class_name: className, config, module } = entry;
  if (/^(TFOp|SlicingOp)Lambda$/.test(className)) {
    const last = String(config.function).split(".").at(-1)!;
    const name = functions[last] ?? last;
    if (!(camelCase(name) in operations))
      throw new Error(`the function ${String(config.function)} of ${String(config.name)}`);
    return fromKeras2(entry, name);
  }
  // A file in HDF5 does not say the module; but layers say whether they are trainable.
  const isOperation =
    module === undefined
      ? !("trainable" in config)
      : typeof module === "string" && /^keras\.src\.(ops|activations)\b/.test(module);
  if (!isOperation || !Array.isArray(entry.inbound_nodes)) return undefined;
  const name = snakeCase(className);
  if (!(camelCase(name) in operations)) {
    // A function of activations may be a layer here.
    if (typeof module !== "string" || !module.startsWith("keras.src.ops")) return undefined;
    throw new Error("an operation that there is not here");
  }
  return isConfig(entry.inbound_nodes[0]) ? fromKeras3(entry, name) : undefined;
}

function indexToKeras(index: unknown): unknown {
  if (!isConfig(index)) return index;
  if (index.ellipsis === true) return { class_name: "__ellipsis__", config: {} };
  const { start = null, stop = null, step = null } = index;
  return { class_name: "__slice__", config: { start, stop, step } };
}

/**
 * An operation as Keras 3 writes it.
 *
 * @param call the one call of it
 * @param references what it is called on, by the names of the file
 */
export function operationToKeras(
  { config }: Described,
  call: LayerCall,
  name: string,
  references: readonly Reference[],
): Described {
  const {
    operation: kind,
    operands,
    options,
  } = config as { operation: string; operands: unknown[]; options: Config };
  const tensors = references.map((reference, index) => tensorToKeras(reference, call.inputTensors[index]!));
  const { key, ...rest } = options;
  const args = operands.map((operand) => {
    if (operand === null) return tensors.shift();
    // Keras takes a list of numbers only as an array of NumPy.
    return Array.isArray(operand)
      ? { class_name: "__numpy__", config: { value: operand, dtype: kind === "take" ? "int32" : "float32" } }
      : operand;
  });
  const className = camelCase(`_${kind}`);
  const module = operationModule(camelCase(kind));
  return {
    module,
    class_name: className,
    config: { name, ...rest },
    registered_name: className,
    name,
    inbound_nodes: [
      {
        args: [
          ...args,
          ...(tensors.length > 0 ? [tensors] : []),
          ...(key === undefined ? [] : [(key as unknown[]).map(indexToKeras)]),
        ],
        kwargs: {},
      },
    ],
  };
}
