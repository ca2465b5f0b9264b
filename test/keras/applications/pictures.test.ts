import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { applications } from "../../../src/keras/applications.ts";
import { loadImage } from "../../../src/keras/loadImage.ts";
import { tf } from "../../../src/tensorflow/tf.ts";
import { needRealData } from "../../support/needs.ts";

interface Values {
  pictures: number[][][][];
  preprocessed: Record<"vgg16" | "inceptionV3" | "mobileNet", number[][][][]>;
  scores: number[][];
  decoded: [string, string, number][][];
}

// Computed by Keras: test/fixtures/keras/makeApplications.py.
const path = join(import.meta.dirname, "../../fixtures/keras/applicationValues.json");
const values = JSON.parse(readFileSync(path, "utf8")) as Values;

describe("preprocessInput", () => {
  for (const name of ["vgg16", "inceptionV3", "mobileNet"] as const) {
    for (const dtype of ["float32", "int32"] as const) {
      it(`gives Keras' values and leaves its input as it is: ${name}, ${dtype}`, async () => {
        const before = tf.memory().numTensors;
        const pictures = tf.tensor4d(values.pictures, undefined, dtype);
        const prepared = applications[name].preprocessInput(pictures);
        assert.equal(prepared.dtype, "float32");
        assert.deepEqual(await prepared.array(), values.preprocessed[name]);
        assert.deepEqual(await pictures.array(), values.pictures);
        tf.dispose([pictures, prepared]);
        assert.equal(tf.memory().numTensors, before);
      });
    }
  }

  it("takes one picture as well as several", async () => {
    const [picture] = values.pictures;
    const prepared = tf.tidy(() => applications.vgg16.preprocessInput(tf.tensor3d(picture!)));
    assert.deepEqual(await prepared.array(), values.preprocessed.vgg16[0]);
    prepared.dispose();
  });

  it("refuses pictures without three channels", () => {
    const grey = tf.zeros([4, 4, 1]);
    const message = /preprocessInput: expected pictures .* found \[4, 4, 1\]/;
    assert.throws(() => applications.mobileNet.preprocessInput(grey), { name: "InputError", message });
    const given = (x: unknown) => () => applications.vgg16.preprocessInput(x as tf.Tensor);
    assert.throws(given(Promise.resolve()), {
      message: /expected pictures in a tensor, found a promise; await it$/,
    });
    assert.throws(given(new Uint8Array(12)), { message: /in a tensor, found no tensor; make one by/ });
    grey.dispose();
  });
});

describe("decodePredictions", () => {
  const { decodePredictions } = applications.vgg16;

  it("names Keras' classes in Keras' order", () => {
    const before = tf.memory().numTensors;
    const scores = tf.tensor2d(values.scores);
    assert.deepEqual(decodePredictions(scores, { top: 4 }), values.decoded);
    assert.equal(decodePredictions(scores)[1]!.length, 5);
    scores.dispose();
    assert.equal(tf.memory().numTensors, before);
  });

  it("refuses what are no scores of ImageNet's classes", () => {
    const expected = "decodePredictions: expected a batch of predictions of shape [n, 1000], found ";
    const given = (x: unknown) => () => decodePredictions(x as tf.Tensor);
    assert.throws(given([[0.1, 0.9]]), { message: /expected what model.predict returns, found no tensor$/ });
    assert.throws(given(Promise.resolve()), { message: /found a promise; await it$/ });
    const refused: [tf.Tensor | tf.Tensor[], string][] = [
      [tf.zeros([1000]), "[1000]"],
      [tf.zeros([2, 10]), "[2, 10]"],
      [[tf.zeros([1, 1000]), tf.zeros([1, 1000])], "2 tensors"],
    ];
    for (const [scores, found] of refused) {
      assert.throws(() => decodePredictions(scores), { name: "InputError", message: expected + found });
      tf.dispose(scores);
    }
  });
});

describe("what is in this photo, without a network connection", () => {
  let photos: string;
  let model: tf.LayersModel;
  before(async function () {
    photos = join(needRealData.call(this), "imagenet");
    model = await applications.mobileNet({ alpha: 0.25 });
  });
  after(() => model?.dispose());

  const scoresOf = async (photo: string) => {
    const image = await loadImage(join(photos, photo), { targetSize: [224, 224] });
    const scores = tf.tidy(
      () => model.predict(applications.mobileNet.preprocessInput(image).expandDims(0)) as tf.Tensor2D,
    );
    image.dispose();
    return scores;
  };

  for (const [photo, name] of [
    ["cat.jpg", "Egyptian_cat"],
    ["elephants.jpg", "African_elephant"],
  ] as const) {
    it(`${photo}: ${name}`, async () => {
      const scores = await scoresOf(photo);
      const [[best]] = applications.mobileNet.decodePredictions(scores, { top: 3 }) as [
        [[string, string, number]],
      ];
      assert.equal(best[1], name);
      assert(best[2] > 0.5, `only ${best[2]}`);
      scores.dispose();
    });
  }

  it("has the same weights without the top, at any size", async () => {
    const before = tf.memory().numTensors;
    const base = await applications.mobileNet({ alpha: 0.25, includeTop: false, pooling: "avg" });
    const image = await loadImage(join(photos, "cat.jpg"), { targetSize: [224, 224] });
    const features = tf.tidy(() => {
      const x = applications.mobileNet.preprocessInput(image).expandDims(0);
      const whole = tf.model({
        inputs: model.inputs,
        outputs: model.getLayer("global_average_pooling2d").output,
      });
      const difference = (base.predict(x) as tf.Tensor).sub((whole.predict(x) as tf.Tensor).flatten());
      return difference.abs().max().arraySync() as number;
    });
    assert.equal(features, 0);
    assert.deepEqual(base.inputs[0]!.shape, [null, null, null, 3]);
    image.dispose();
    base.dispose();
    assert.equal(tf.memory().numTensors, before);
  });
});
