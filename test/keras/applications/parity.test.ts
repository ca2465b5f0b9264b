import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { applications } from "../../../src/keras/applications.ts";
import { loadImage } from "../../../src/keras/loadImage.ts";
import { loadModel } from "../../../src/keras/modelFiles.ts";
import { tf } from "../../../src/tensorflow/tf.ts";
import { needPython, needRealData } from "../../support/needs.ts";
import { python, realData, root } from "../../support/paths.ts";
import { runToEnd } from "../../support/processes.ts";

const photos = ["cat.jpg", "elephants.jpg", "chelsea.png"];

// Smaller pictures than the published ones, so that the test takes a minute and not ten: the layers are the same.
const cases = [
  { name: "vgg16", keras: "VGG16", side: 32, options: {} },
  { name: "inceptionV3", keras: "InceptionV3", side: 75, options: {} },
  { name: "mobileNet", keras: "MobileNet", side: 64, options: { alpha: 0.5 } },
] as const;

/** The outputs of all layers but the input, in Keras' order, one after the other. */
function answers(model: tf.LayersModel, pictures: tf.Tensor, names: string[]): Float32Array[] {
  return tf.tidy(() => {
    const outputs = names.map((name) => model.getLayer(name).output as tf.SymbolicTensor);
    const every = tf.model({ inputs: model.inputs, outputs });
    return (every.predict(pictures) as tf.Tensor[]).map((output) => output.dataSync() as Float32Array);
  });
}

/** The largest difference, measured by the largest value. */
function relativeDifference(found: Float32Array, wanted: Float32Array): number {
  assert.equal(found.length, wanted.length);
  let difference = 0;
  let scale = 0;
  for (const [index, value] of wanted.entries()) {
    difference = Math.max(difference, Math.abs(value - found[index]!));
    scale = Math.max(scale, Math.abs(value));
  }
  return difference / scale;
}

describe("applications with weights from Keras", function () {
  this.timeout(300_000);
  let directory: string;
  before(needPython);
  before(needRealData);
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "applications-"))));
  afterEach(() => rmSync(directory, { recursive: true }));

  for (const { name, keras, side, options } of cases) {
    it(`answer as Keras does, layer by layer, for three photos: ${name}`, async () => {
      const application = applications[name];
      const images = await Promise.all(
        photos.map((photo) => loadImage(join(realData!, "imagenet", photo), { targetSize: [side, side] })),
      );
      const pictures = tf.tidy(() => application.preprocessInput(tf.stack(images) as tf.Tensor4D));
      writeFileSync(join(directory, "pictures.f32"), pictures.dataSync());
      const request = {
        application: keras,
        options: { input_shape: [side, side, 3], ...options },
        shape: pictures.shape,
      };
      const script = join(root, "test/fixtures/keras/runApplication.py");
      const { code, stdout, stderr } = await runToEnd(python!, [script, directory, JSON.stringify(request)]);
      assert.equal(code, 0, stderr);
      const layers = JSON.parse(stdout.trim().split("\n").at(-1)!) as [string, number[]][];

      const bytes = new Uint8Array(readFileSync(join(directory, "outputs.f32"))).buffer;
      let offset = 0;
      const wanted = layers.map(([, shape]) => {
        const length = shape.reduce((a, b) => a * b, 1);
        offset += length * 4;
        return new Float32Array(bytes, offset - length * 4, length);
      });

      const given = { ...options, inputShape: [side, side, 3] } as const;
      const model = await application({ ...given, weights: join(directory, "keras.weights.h5") });
      const found = answers(
        model,
        pictures,
        layers.map(([layer]) => layer),
      );
      for (const [index, [layer]] of layers.entries()) {
        const difference = relativeDifference(found[index]!, wanted[index]!);
        assert(difference < 1e-4, `${layer}: ${difference}`);
      }
      const others = [
        await application({ ...given, weights: join(directory, "keras.h5") }),
        await loadModel(join(directory, "keras.h5")),
      ];
      for (const [index, each] of [model, ...others].entries()) {
        const scores = tf.tidy(() => (each.predict(pictures) as tf.Tensor).dataSync());
        const largest = Math.max(...scores.map((score, i) => Math.abs(score - wanted.at(-1)![i]!)));
        assert(largest < 1e-5, `model ${index}: scores differ by ${largest}`);
        each.dispose();
      }
      tf.dispose([images, pictures]);
    });
  }
});
