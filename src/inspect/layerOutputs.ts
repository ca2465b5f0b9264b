import { InputError } from "../errors.ts";
import { tf } from "../tensorflow/tf.ts";
import { findLayer } from "./findLayer.ts";
import { knowsItsInput, nestedModel, notBuilt } from "./modelGraph.ts";

/**
 * Which layers: names, indices into `model.layers` (negative ones count from the end), one of these alone in an array, or a
 * number for that many from the start. A layer of a model inside the model is named by its own name, or by its path,
 * `"base/conv1"`.
 */
export type LayerSelection = number | readonly (string | number)[];

type Layer = tf.layers.Layer;
type Node = Layer["inboundNodes"][number];

/** A tensor of the model's graph that a layer gives. */
export interface LayerOutput {
  name: string;
  className: string;
  layer: Layer;
  tensor: tf.SymbolicTensor;
  /** What the layer takes. */
  inputs: tf.SymbolicTensor[];
  /** The calls of models inside of models that lead to it, the outermost first. */
  calls: Node[];
}

/** A layer of a model or of a model inside it, and each of its uses there. */
interface FoundLayer {
  path: string;
  layer: Layer;
  uses: Pick<Node, "inputTensors" | "outputTensors">[];
  calls: Node[];
}

/**
 * The outputs of the chosen layers, in the order asked for. The default is every layer but the inputs whose output is a vector,
 * a sequence or a stack of maps; a model inside the model counts as one layer there.
 *
 * @throws InputError for a model without input shape, or a layer that is not there; the message lists those that are
 */
export function layerOutputs(
  model: tf.LayersModel,
  { layers, who }: { layers: LayerSelection | undefined; who: string },
): LayerOutput[] {
  const own = usedLayers(model, who);
  const visible = own.filter(
    ({ layer, uses }) => layer.getClassName() !== "InputLayer" && outputsOf(uses).some(isVisible),
  );
  let chosen: FoundLayer[];
  if (layers === undefined) chosen = visible;
  else if (typeof layers === "number") chosen = visible.slice(0, checkCount(layers, who));
  else {
    const paths = new Set(layers.map((wanted) => findLayer(model, wanted, who).path));
    const all = [...own, ...own.flatMap((found) => layersInside(found, who))];
    chosen = [...paths].map((path) => all.find((found) => found.path === path)!);
  }

  if (chosen.length === 0) throw new InputError({ who, expected: "at least one layer", found: "none" });
  return chosen.flatMap((found) => {
    const outputs = nameOutputs(found).filter(({ tensor }) => isVisible(tensor));
    if (outputs.length > 0) return outputs;
    const expected = "a layer with a vector, a sequence or maps as output";
    throw new InputError({ who, expected, found: `"${found.layer.name}"` });
  });
}

/**
 * Computes outputs for a batch: one pass through the model, and one more through each model inside it whose layers are wanted.
 *
 * @param batch a tensor for each input of the model
 * @returns a tensor for each output; the caller disposes them
 */
export function evaluateOutputs(
  model: tf.LayersModel,
  outputs: readonly Pick<LayerOutput, "tensor" | "calls">[],
  batch: tf.Tensor[],
): tf.Tensor[] {
  return tf.tidy(() => {
    const direct = outputs.filter(({ calls }) => calls.length === 0).map(({ tensor }) => tensor);
    const calls = [...new Set(outputs.flatMap((output) => output.calls.slice(0, 1)))];
    const tensors = [...new Set([...direct, ...calls.flatMap(({ inputTensors }) => inputTensors)])];
    const graph = tf.model({ name: "activations", inputs: model.inputs, outputs: tensors });
    const batchSize = batch[0]!.shape[0];
    const results = [graph.predict(batch, { batchSize })].flat();
    const valueOf = (tensor: tf.SymbolicTensor): tf.Tensor => results[tensors.indexOf(tensor)]!;
    const inside = calls.map((call) => {
      const inner = outputs
        .filter((output) => output.calls[0] === call)
        .map(({ tensor, calls: path }) => ({ tensor, calls: path.slice(1) }));
      return evaluateOutputs(call.outboundLayer as tf.LayersModel, inner, call.inputTensors.map(valueOf));
    });
    return outputs.map(({ tensor, calls: [call] }) =>
      call === undefined ? valueOf(tensor) : inside[calls.indexOf(call)]!.shift()!,
    );
  });
}

function nameOutputs({ path, layer, uses, calls }: FoundLayer): LayerOutput[] {
  return uses.flatMap(({ inputTensors, outputTensors }, use) =>
    outputTensors.map((tensor, index) => ({
      name: `${path}${use > 0 ? ` (use ${use + 1})` : ""}${outputTensors.length > 1 ? `[${index}]` : ""}`,
      className: layer.getClassName(),
      ...{ layer, tensor, inputs: inputTensors, calls },
    })),
  );
}

function checkCount(count: number, who: string): number {
  if (Number.isInteger(count) && count > 0) return count;
  throw new InputError({ who, expected: "layers: a number above 0, or a list", found: String(count) });
}

/** The layers of a model, with their uses in its graph. */
function usedLayers(model: tf.LayersModel, who: string, path = "", calls: Node[] = []): FoundLayer[] {
  if (!knowsItsInput(model)) throw notBuilt(model, who);
  return model.layers.map((layer) => ({
    path: path + layer.name,
    layer,
    uses: usesOf(layer, model.containerNodes),
    calls,
  }));
}

/** The layers of a model that is a layer, and of those inside it. */
function layersInside({ path, layer, uses, calls }: FoundLayer, who: string): FoundLayer[] {
  const nested = nestedModel(layer);
  if (nested === undefined) return [];
  // The model that a Sequential begins with is no call in its graph: its layers stand there themselves.
  const call = uses.find((use): use is Node => "outboundLayer" in use);
  const found = usedLayers(nested, who, `${path}/`, call === undefined ? calls : [...calls, call]);
  return found.flatMap((inner) => [inner, ...layersInside(inner, who)]);
}

/** Where a layer is used in the model. */
function usesOf(layer: Layer, nodes: ReadonlySet<string>): FoundLayer["uses"] {
  const own = layer.inboundNodes.filter((_, i) => nodes.has(`${layer.name}_ib-${String(i)}`));
  const nested = nestedModel(layer);
  if (own.length > 0 || nested === undefined) return own;
  return [{ inputTensors: nested.inputs, outputTensors: nested.outputs }];
}

const outputsOf = (uses: FoundLayer["uses"]): tf.SymbolicTensor[] =>
  uses.flatMap(({ outputTensors }) => outputTensors);

function isVisible({ shape }: tf.SymbolicTensor): boolean {
  return shape.length >= 2 && shape.length <= 4;
}
