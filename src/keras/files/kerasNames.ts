import type { tf } from "../../tensorflow/tf.ts";
import { snakeCase } from "./layerClass.ts";
import type { Layer } from "./modelWeights.ts";

/**
 * The names that a model's layers have in a file. TensorFlow.js names a layer `conv2d_Conv2D7` when the user does not;
 * Keras would say `conv2d`, `conv2d_1` and so on, and so does the file. Names that the user chose stay.
 */
export function kerasNames(model: tf.LayersModel): Map<string, string> {
  const automatic = (layer: Layer) => {
    const stem = snakeCase(layer.getClassName());
    return layer.name.startsWith(`${stem}_${layer.getClassName()}`) ? stem : undefined;
  };
  const taken = new Set(model.layers.filter((layer) => !automatic(layer)).map((layer) => layer.name));
  const fresh = (stem: string) => {
    for (let count = 0; ; count++) {
      const name = count === 0 ? stem : `${stem}_${count}`;
      if (!taken.has(name)) {
        taken.add(name);
        return name;
      }
    }
  };
  return new Map(
    model.layers.map((layer) => {
      const stem = automatic(layer);
      // A slash separates groups in HDF5, and Keras allows none in a name.
      return [layer.name, stem === undefined ? layer.name.replaceAll("/", "_") : fresh(stem)];
    }),
  );
}
