// Packs the weights of MobileNet, alpha 0.25, 224x224, from TensorFlow.js' form into data/mobilenet_2_5_224_tf.h5, under the name that
// Keras gives the same weights. Needs a build.
//
//   node scripts/packMobileNet.mjs DIRECTORY_OF_MODEL_JSON
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { applications, saveWeights, tf } from "../dist/index.js";

const source = process.argv[2];
const { weightsManifest } = JSON.parse(readFileSync(join(source, "model.json"), "utf8"));
const model = await applications.mobileNet({ alpha: 0.25, weights: null });
for (const { paths, weights } of weightsManifest) {
  const bytes = Buffer.concat(paths.map((path) => readFileSync(join(source, path))));
  const named = tf.io.decodeWeights(new Uint8Array(bytes).buffer, weights);
  const [layer] = weights[0].name.split("/");
  model.getLayer(layer).setWeights(weights.map(({ name }) => named[name]));
}
await saveWeights(model, join(import.meta.dirname, "../data/mobilenet_2_5_224_tf.h5"));
