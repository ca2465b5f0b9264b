// The summaries of VGG16 and InceptionV3, ours (with costs, as HTML and text) and Keras', and an update of live curves.
import { runNode, runPython } from "../python.mjs";
import { compare, spread } from "../statistics.mjs";

export async function measureSummary({ rounds = 7 } = {}) {
  const ours = await runNode("bench/summary/convoscope_summary.mjs", [rounds]);
  const keras = await runPython("bench/summary/keras_summary.py", [rounds]);
  const live = spread(ours.live, " ms");
  return [
    compare("summary of VGG16", "ms", ours.vgg16, "Keras", keras.vgg16),
    compare("summary of InceptionV3", "ms", ours.inceptionV3, "Keras", keras.inceptionV3),
    `one update of live curves, 4 curves of 100 epochs: ${live}, ${(ours.bytes / 1000).toFixed(1)} kB`,
  ];
}
