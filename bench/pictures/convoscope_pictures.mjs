// Takes epochs of photos of a directory from the generator, without and with random changes; prints photos per second of each epoch.
import { imageDataGenerator, tf } from "../../dist/index.js";

const [directory, epochs] = process.argv.slice(2);
const changes = {
  ...{ rotationRange: 40, widthShiftRange: 0.2, heightShiftRange: 0.2, shearRange: 0.2, zoomRange: 0.2 },
  horizontalFlip: true,
};
tf.zeros([1]).dataSync();

async function measure(options) {
  const generator = imageDataGenerator({ rescale: 1 / 255, ...options });
  const flow = generator.flowFromDirectory(directory, { targetSize: [64, 64], classMode: "binary" });
  const rates = [];
  for (let epoch = 0; epoch < Number(epochs); epoch++) {
    const start = performance.now();
    for await (const { xs, ys } of flow) tf.dispose([xs, ys]);
    rates.push((1000 * flow.samples) / (performance.now() - start));
  }
  return rates;
}

const plain = await measure({});
const changed = await measure(changes);
process.stdout.write(`${JSON.stringify({ plain, changed })}\n`);
