import { scalar, type TensorInfo } from "@tensorflow/tfjs";
import { attribute } from "../attributes.ts";
import { addKernel, typeOf } from "./nodeKernels.ts";

/** How often each number up to `size` occurs, in all or in each row: `tf.denseBincount` and `tf.layers.categoryEncoding`, which tfjs-node lacks. */
export function addDenseBincount(): void {
  addKernel("DenseBincount", ({ inputs: { x, weights }, attrs: { size, binaryOutput }, backend }) => {
    const length = scalar(size as number, "int32");
    const attributes = [
      attribute.type("Tidx", typeOf(length)),
      attribute.type("T", typeOf(weights!)),
      attribute.bool("binary_output", binaryOutput as boolean),
    ];
    const counted = backend.executeSingleOutput("DenseBincount", attributes, [
      ...([x, length, weights] as TensorInfo[]),
    ]);
    length.dispose();
    return counted;
  });
}
