import { tf } from "../../src/tensorflow/tf.ts";
import { ablate } from "../../src/views/ablate.ts";
import { activations } from "../../src/views/activations.ts";
import { calibration } from "../../src/views/calibration.ts";
import { confusionMatrix } from "../../src/views/confusionMatrix.ts";
import { curves } from "../../src/views/curves.ts";
import { deadFilters } from "../../src/views/deadFilters.ts";
import { deepDream } from "../../src/views/deepDream.ts";
import { diagram } from "../../src/views/diagram.ts";
import { embedding } from "../../src/views/embedding.ts";
import { filterAcross } from "../../src/views/filterAcross.ts";
import { filters } from "../../src/views/filters.ts";
import { gallery } from "../../src/views/gallery.ts";
import { gradCam } from "../../src/views/gradCam.ts";
import { histograms } from "../../src/views/histograms.ts";
import { integratedGradients } from "../../src/views/integratedGradients.ts";
import { maximizeActivation } from "../../src/views/maximizeActivation.ts";
import { misclassified } from "../../src/views/misclassified.ts";
import { nearest } from "../../src/views/nearest.ts";
import { occlusion } from "../../src/views/occlusion.ts";
import { perClassAccuracy } from "../../src/views/perClassAccuracy.ts";
import { predictions } from "../../src/views/predictions.ts";
import { receptiveField } from "../../src/views/receptiveField.ts";
import { saliency } from "../../src/views/saliency.ts";
import { similarity } from "../../src/views/similarity.ts";
import { smoothGrad } from "../../src/views/smoothGrad.ts";
import { summary } from "../../src/views/summary.ts";
import type { View } from "../../src/views/view.ts";
import { looksAsKept, readsAsKept } from "../support/snapshots.ts";

const { layers } = tf;
const size = 12;
const classNames = ["circle", "square", "triangle"];
const labels = [0, 1, 2, 0, 1, 2, 1, 1];

/** A small network of three classes that is the same each time. */
function network(): tf.LayersModel {
  const seeded = (seed: number) => ({ kernelInitializer: tf.initializers.glorotUniform({ seed }) });
  const conv = { filters: 4, kernelSize: 3, activation: "relu", padding: "same" } as const;
  const input = tf.input({ shape: [size, size, 3], name: "image" });
  const first = layers.conv2d({ ...conv, name: "conv1", ...seeded(1) }).apply(input) as tf.SymbolicTensor;
  const second = layers.conv2d({ ...conv, name: "conv2", ...seeded(2) }).apply(first) as tf.SymbolicTensor;
  const sum = layers.add({ name: "sum" }).apply([first, second]);
  const pool = layers.maxPooling2d({ poolSize: 2, name: "pool" }).apply(sum);
  const flat = layers.flatten({ name: "flat" }).apply(pool);
  const head = layers.dense({ units: 3, activation: "softmax", name: "classes", ...seeded(3) });
  return tf.model({ name: "shapes", inputs: input, outputs: head.apply(flat) as tf.SymbolicTensor });
}

/** Pictures of waves, eight of them. */
function waves(): tf.Tensor4D {
  const values = Float32Array.from({ length: 8 * size * size * 3 }, (_, i) => {
    const [channel, x, y] = [i % 3, Math.floor(i / 3) % size, Math.floor(i / 3 / size) % size];
    const picture = Math.floor(i / 3 / size / size);
    return 0.5 + 0.5 * Math.sin((x * (picture + 1)) / 4 + channel) * Math.cos((y * (8 - picture)) / 6);
  });
  return tf.tensor4d(values, [8, size, size, 3]);
}

type Draw = (model: tf.LayersModel, pictures: tf.Tensor4D) => View | Promise<View>;

const first = (pictures: tf.Tensor4D): tf.Tensor => pictures.slice([0], [1]);
const reason = { classIndex: 1, width: 460 };

/** What is kept as pixels. */
const pictures: Record<string, Draw> = {
  activations: (model, all) =>
    activations(model, all.slice([0], [2]), {
      layers: ["conv2"],
      withInput: true,
      kernels: true,
      numbers: 1,
      labels: ["a", "b"],
    }),
  filterAcross: (model, all) =>
    filterAcross(model, "conv2", 1, all.slice([0], [5]), {
      labels: labels.slice(0, 5),
      classNames,
      perRow: 4,
    }),
  gallery: (_, all) => gallery(all, { labels, classNames, predictions: [0, 1, 1, 0, 2, 2, 1, 1], perRow: 4 }),
  misclassified: (model, all) => misclassified(model, all, labels, { classNames, perRow: 4 }),
  nearest: (model, all) => nearest(model, all, 2, { k: 3, labels, classNames, perRow: 4 }),
  saliency: (model, all) => saliency(model, first(all), reason),
  smoothGrad: (model, all) => smoothGrad(model, first(all), { ...reason, samples: 4 }),
  integratedGradients: (model, all) => integratedGradients(model, first(all), { ...reason, steps: 8 }),
  gradCam: (model, all) => gradCam(model, first(all), reason),
  occlusion: (model, all) => occlusion(model, first(all), { ...reason, patch: 4, stride: 4 }),
  maximizeActivation: (model) => maximizeActivation(model, "conv2", [0, 1], { steps: 4, width: 240 }),
  deepDream: (model, all) =>
    deepDream(model, first(all).squeeze([0]), { layers: ["conv2"], steps: 2, octaves: 2, width: 240 }),
};

/** What is kept as text: drawings and charts. */
const charts: Record<string, Draw> = {
  diagram: (model) => diagram(model),
  diagramIsometric: (model) => diagram(model, { style: "isometric" }),
  filters: (model) => filters(model, "conv1"),
  filtersSigned: (model) => filters(model, "conv2"),
  histograms: (model) => histograms(model),
  receptiveField: (model, all) => receptiveField(model, "pool", { image: first(all) }),
  curves: () =>
    curves({
      epoch: [0, 1, 2, 3],
      history: { loss: [2, 1, 0.5, 0.25], val_loss: [2, 1.5, 1.25, 1.5] },
    } as never),
  predictions: (model, all) => predictions(model, all.slice([0], [2]), { classNames }),
  confusionMatrix: () => confusionMatrix(labels, [0, 1, 1, 0, 2, 2, 1, 1], { classNames }),
  perClassAccuracy: () => perClassAccuracy(labels, [0, 1, 1, 0, 2, 2, 1, 1], { classNames }),
  calibration: () =>
    calibration(
      [0, 1, 0, 1],
      tf.tensor2d([
        [0.75, 0.25],
        [0.25, 0.75],
        [0.25, 0.75],
        [0.5, 0.5],
      ]),
    ),
  embedding: (model, all) => embedding(model, all, { labels, classNames }),
  similarity: (model, all) => similarity(model, all),
  deadFilters: (model, all) => deadFilters(model, all),
  ablate: (model, all) => ablate(model, "conv2", undefined, { x: all, y: tf.tensor1d(labels, "int32") }),
};

describe("views look as they did", () => {
  afterEach(() => tf.disposeVariables());

  for (const [name, draw] of Object.entries(pictures)) {
    it(name, async () => looksAsKept(await (await draw(network(), waves())).png(), `${name}.png`));
  }
  for (const [name, draw] of Object.entries(charts)) {
    it(name, async () => readsAsKept(await (await draw(network(), waves())).svg!(), `${name}.svg`));
  }
  it("summary", async () => {
    const { data } = await summary(network(), { details: true }).bundle();
    readsAsKept(data["text/html"] as string, "summary.html");
  });
});
