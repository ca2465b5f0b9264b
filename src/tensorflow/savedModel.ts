import type { Pointer } from "./capi.ts";
import type { Context } from "./context.ts";

/** A SavedModel that is loaded: TensorFlow's session, and the graph in which its operations have names. */
export interface SavedModel {
  session: Pointer;
  graph: Pointer;
}

/**
 * Loads a SavedModel from a directory.
 *
 * @param tags which of its graphs, such as `["serve"]`
 */
export function loadSavedModel({ c, status, check }: Context, directory: string, tags: string[]): SavedModel {
  const options = c.TF_NewSessionOptions();
  const graph = c.TF_NewGraph();
  const session = c.TF_LoadSessionFromSavedModel(
    options,
    null,
    directory,
    tags,
    tags.length,
    graph,
    null,
    status,
  );
  c.TF_DeleteSessionOptions(options);
  if (session === null) c.TF_DeleteGraph(graph);
  check(`loadSavedModel ${directory}`);
  return { session: session!, graph };
}

export function deleteSavedModel({ c, status, check }: Context, { session, graph }: SavedModel): void {
  c.TF_DeleteSession(session, status);
  c.TF_DeleteGraph(graph);
  check("deleteSavedModel");
}

/**
 * Runs a SavedModel once. The handles of the inputs stay the caller's; so do those that are returned.
 *
 * @param inputNames the outputs of operations to feed, such as `"serving_default_x:0"`
 * @param outputNames the outputs of operations to fetch
 */
export function runSavedModel(
  context: Context,
  { session, graph }: SavedModel,
  inputs: readonly Pointer[],
  inputNames: readonly string[],
  outputNames: readonly string[],
): Pointer[] {
  if (inputs.length !== inputNames.length) {
    throw new Error(
      `runSavedModel: ${String(inputNames.length)} inputs expected, found ${String(inputs.length)} tensors`,
    );
  }
  const { c, status, check } = context;
  const feeds = graphOutputs(context, graph, inputNames);
  const fetches = graphOutputs(context, graph, outputNames);
  const results = new BigUint64Array(outputNames.length);
  const tensors: Pointer[] = [];
  try {
    for (const handle of inputs) {
      const tensor = c.TFE_TensorHandleResolve(handle, status);
      check("runSavedModel");
      tensors.push(tensor!);
    }
    c.TF_SessionRun(
      session,
      null,
      feeds,
      BigUint64Array.from(tensors),
      tensors.length,
      fetches,
      results,
      results.length,
      null,
      0,
      null,
      status,
    );
    check("runSavedModel");
    return Array.from(results, (tensor) => c.TFE_NewTensorHandle(tensor, status)!);
  } finally {
    for (const tensor of [...tensors, ...results]) if (tensor !== 0n) c.TF_DeleteTensor(tensor);
  }
}

/** An array of TF_Output: for each name an operation and the number of its output, in 16 bytes. */
function graphOutputs({ c }: Context, graph: Pointer, names: readonly string[]): BigInt64Array {
  const outputs = new BigInt64Array(2 * names.length);
  names.forEach((name, i) => {
    const [operationName = "", index = "0"] = name.split(":");
    const operation = c.TF_GraphOperationByName(graph, operationName);
    if (operation === null) throw new Error(`runSavedModel: the graph has no operation "${operationName}"`);
    outputs[2 * i] = operation;
    outputs[2 * i + 1] = BigInt(index);
  });
  return outputs;
}
