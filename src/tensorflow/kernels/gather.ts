import type { TensorInfo } from "@tensorflow/tfjs";
import { util, scalar } from "@tensorflow/tfjs";
import { attribute } from "../attributes.ts";
import { improveKernel, typeOf } from "./nodeKernels.ts";

/**
 * Lets rows be gathered without a look at their numbers. tfjs-node reads them to check them, which makes a training step wait and
 * keeps it from being compiled; TensorFlow checks them itself.
 */
export function improveGather(): void {
  improveKernel("GatherV2", ({ inputs: { x, indices }, attrs: { axis, batchDims }, backend }) => {
    const [parsed] = util.parseAxisParam(axis as number, x!.shape);
    const at = scalar(parsed!, "int32");
    const attributes = [
      attribute.int("batch_dims", batchDims as number),
      attribute.type("Tparams", typeOf(x!)),
      attribute.type("Tindices", typeOf(indices!)),
      attribute.type("Taxis", typeOf(at)),
    ];
    const gathered = backend.executeSingleOutput("GatherV2", attributes, [x!, indices!, at] as TensorInfo[]);
    at.dispose();
    return gathered;
  });
}
