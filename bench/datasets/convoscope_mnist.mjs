// Loads MNIST from Keras' cache as often as it is told, checksum included, and prints the seconds of each time.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { datasets, tf } from "../../dist/index.js";

const directory = join(process.env.KERAS_HOME, "datasets");
tf.zeros([1]).dataSync();
const seconds = [];
for (let round = 0; round < Number(process.argv[2]); round++) {
  const start = performance.now();
  createHash("sha256")
    .update(readFileSync(join(directory, "mnist.npz")))
    .digest();
  const digits = await datasets.mnist({ directory });
  seconds.push((performance.now() - start) / 1000);
  tf.dispose({ ...digits });
}
process.stdout.write(`${JSON.stringify(seconds)}\n`);
