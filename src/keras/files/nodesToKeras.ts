import type { tf } from "../../tensorflow/tf.ts";
import type { Config, Described } from "./config.ts";
import { snakeCase } from "./layerClass.ts";
import type { Layer } from "./modelWeights.ts";
import { known, signatures, type Reference } from "./nodes.ts";

/** A call of a layer: the tensors that it is called on. */
export interface LayerCall {
  inputTensors: { shape: unknown; dtype: string }[];
}

/** What models and layers have, and types hide. */
interface Internals {
  inboundNodes: LayerCall[];
  containerNodes: ReadonlySet<string>;
}

/** The calls of a layer that belong to a model, in the order of its description. */
export function callsIn(model: tf.LayersModel, layer: Layer): LayerCall[] {
  const { containerNodes } = (model as { model?: tf.LayersModel }).model
    ? (model as unknown as { model: Internals }).model
    : (model as unknown as Internals);
  return (layer as unknown as Internals).inboundNodes.filter((_, index) =>
    containerNodes.has(`${layer.name}_ib-${index}`),
  );
}

/** A tensor of a call as Keras 3 writes it. */
export function tensorToKeras(
  [from, place, tensor]: Reference,
  { shape, dtype }: LayerCall["inputTensors"][0],
): Described {
  return { class_name: "__keras_tensor__", config: { shape, dtype, keras_history: [from, place, tensor] } };
}

const isRecurrent = (layer: Layer) => "returnSequences" in layer;

/** Whether Keras 3 reads such a call only in its own form: it has settings, or tensors of several kinds. */
export const needsNames = (layer: Layer, node: readonly Reference[]): boolean =>
  node.some(([, , , settings]) => Object.keys(settings ?? {}).length > 0) ||
  (isRecurrent(layer) && node.length > 1) ||
  (layer.getClassName() in signatures && node.length > 1);

/** One call as Keras 3 writes it, with arguments with and without names. */
export function callToKeras(
  layer: Layer,
  references: readonly Reference[],
  { inputTensors }: LayerCall,
): Config {
  const settings = Object.fromEntries(
    references.flatMap(([, , , more]) => Object.entries((more ?? {}) as Config)),
  );
  const said = Object.entries(settings).filter(
    ([key, value]) => known.includes(key) && typeof value === "boolean",
  );
  const kwargs: Config = Object.fromEntries(said);
  const tensors = references.map((reference, index) => tensorToKeras(reference, inputTensors[index]!));
  const [first, ...others] = tensors;
  const names = signatures[layer.getClassName()];
  if (names) {
    const roles = ((settings.roles as string[] | undefined) ?? names).map(snakeCase);
    const given = tensors.map((tensor, index) => [roles[index]!, tensor] as const);
    return { args: [], kwargs: { ...kwargs, ...Object.fromEntries(given) } };
  }
  if (isRecurrent(layer) && others.length > 0)
    return { args: [first], kwargs: { ...kwargs, initial_state: others } };
  return { args: others.length > 0 ? [tensors] : [first], kwargs };
}
