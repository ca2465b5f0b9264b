import assert from "node:assert/strict";
import { tf } from "../../src/tensorflow/tf.ts";
import { activations } from "../../src/views/activations.ts";
import { embedding } from "../../src/views/embedding.ts";
import { filterAcross } from "../../src/views/filterAcross.ts";
import { gallery } from "../../src/views/gallery.ts";
import { misclassified } from "../../src/views/misclassified.ts";
import { nearest } from "../../src/views/nearest.ts";
import { predictions } from "../../src/views/predictions.ts";
import type { View } from "../../src/views/view.ts";

const { layers } = tf;
const most = 1_500_000;

/** Noise, which no file makes smaller. */
const noise = (count: number, size: number): tf.Tensor =>
  tf.randomUniform([count, size, size, 3], 0, 1, "float32", 1);

function classifier(): tf.LayersModel {
  return tf.sequential({
    layers: [
      layers.conv2d({ inputShape: [96, 96, 3], filters: 32, kernelSize: 3, name: "conv" }),
      layers.globalAveragePooling2d({ dataFormat: "channelsLast" }),
      layers.dense({ units: 2, activation: "softmax" }),
    ],
  });
}

describe("pictures of much", function () {
  this.timeout(60_000);
  afterEach(() => tf.disposeVariables());

  const many: Record<string, () => View | Promise<View>> = {
    gallery: () => gallery(noise(60, 224)),
    filterAcross: () => filterAcross(classifier(), "conv", 0, noise(60, 96)),
    misclassified: () => {
      const model = classifier();
      const pictures = noise(80, 96);
      const wrong = tf.tidy(() => tf.sub(1, (model.predict(pictures) as tf.Tensor).argMax(1).cast("int32")));
      return misclassified(model, pictures, wrong, { top: 80 });
    },
    nearest: () => nearest(classifier(), noise(80, 96), 0, { k: 60 }),
    activations: () => activations(classifier(), noise(8, 96)),
  };
  for (const [name, show] of Object.entries(many)) {
    it(`${name}: the PNG has no more than 1.5 MB`, async () => {
      const { length } = await (await show()).png();
      assert.ok(length <= most && length > 50_000, `${length} bytes`);
    });
  }

  it("charts with pictures: neither their specification nor their PNG is much larger", async () => {
    for (const view of [
      await embedding(classifier(), noise(200, 96)),
      predictions(classifier(), noise(30, 96)),
    ]) {
      const { data } = await view.bundle();
      const chart = JSON.stringify(data["application/vnd.vegalite.v5+json"]);
      assert.match(chart, /data:image\/png/);
      assert.ok(chart.length <= most, `${chart.length} characters`);
      assert.ok((await view.png()).length <= most);
    }
  });

  it("are larger where that is asked for, and say what is left out where less is", async () => {
    const pictures = noise(60, 64);
    const sizeOf = async (maxBytes: number) => (await gallery(pictures, { maxBytes }).png()).length;
    const [large, small] = [await sizeOf(10_000_000), await sizeOf(100_000)];
    assert.ok(large > 600_000 && small <= 100_000, `${large} and ${small} bytes`);
  });
});
