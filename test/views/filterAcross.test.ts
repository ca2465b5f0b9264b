import assert from "node:assert/strict";
import sharp from "sharp";
import { tf } from "../../src/tensorflow/tf.ts";
import { filterAcross } from "../../src/views/filterAcross.ts";
import { says } from "../inspect/verdicts.ts";

function passesOn(shape: number[]) {
  return tf.sequential({
    layers: [tf.layers.activation({ inputShape: shape, activation: "linear", name: "same" })],
  });
}

/** Three pictures of one channel: the second says nothing, the third little. */
const pictures = () => tf.tensor([0, 1, 2, 4, 3, 3, 3, 3, 1, 1, 1, 1.1], [3, 2, 2, 1]);

describe("filterAcross", () => {
  it("has each picture's map, and one range for all", () => {
    const { data } = filterAcross(passesOn([2, 2, 1]), "same", 0, pictures());
    assert.deepEqual(data.range, [0, 4]);
    assert.deepEqual([...data.responses[0]!.values], [0, 1, 2, 4]);
    assert.deepEqual(
      data.responses.map(({ dead, silent }) => [dead, silent]),
      [
        [false, false],
        [true, true],
        [false, true],
      ],
    );
  });

  it("says which labels leave the filter silent", () => {
    const view = filterAcross(passesOn([2, 2, 1]), 0, 0, pictures(), { labels: [4, 9, 4], title: "Filter" });
    assert.equal(
      view.text,
      [
        "Filter: 3 pictures, range 0…4",
        "silent for 2 of 3: 4 (1 of 2), 9 (1 of 1)",
        "picture 1 (4): 0…4",
        "picture 2 (9): silent, 3…3",
        "picture 3 (4): silent, 1…1.1",
      ].join("\n"),
    );
    assert.match(
      filterAcross(passesOn([2, 2, 1]), 0, 0, pictures(), { silence: 0 }).text,
      /silent for 1 of 3: picture 2/,
    );
  });

  it("draws maps in one scale, or each by itself", async () => {
    const shades = async (scale: "shared" | "channel") => {
      const view = filterAcross(
        passesOn([2, 2, 1]),
        0,
        0,
        tf.tensor([0, 0, 0, 1, 0, 0, 0, 4], [2, 2, 2, 1]),
        {
          ...{ scale, colorMap: "gray" },
        },
      );
      const { data, info } = await sharp(await view.png())
        .raw()
        .toBuffer({ resolveWithObject: true });
      // The brightest pixel of the first map: the lower right one.
      let brightest = 0;
      for (let y = info.height / 2; y < info.height - 80; y++) {
        for (let x = 30; x < 180; x++) {
          const pixel = data.subarray(3 * (y * info.width + x), 3 * (y * info.width + x) + 3);
          if (new Set(pixel).size === 1 && pixel[0]! < 250) brightest = Math.max(brightest, pixel[0]!);
        }
      }
      return brightest;
    };
    assert.ok(Math.abs((await shades("shared")) - 64) < 8);
  });

  it("takes layers of vectors, and a sample of many pictures", async () => {
    const view = filterAcross(passesOn([4, 4, 1]), 0, 0, tf.randomUniform([300, 4, 4, 1]));
    assert.equal(view.data.responses.length, 100);
    assert.match(view.text, /100 of 300 pictures, drawn at random with seed 1/);
    const flat = tf.sequential({
      layers: [tf.layers.flatten({ inputShape: [2, 2, 1] }), tf.layers.dense({ units: 3, name: "dense" })],
    });
    const units = filterAcross(flat, "dense", 2, pictures());
    assert.equal(units.data.responses[0]!.values.length, 1);
    await assert.doesNotReject(units.png());
  });

  it("leaves no tensor, also when it fails", async () => {
    const [model, images] = [passesOn([2, 2, 1]), pictures()];
    const before = tf.memory().numTensors;
    await filterAcross(model, 0, 0, images).png();
    says(() => filterAcross(model, 0, 1, images), /a channel of layer "same", 0 to 0, found 1/);
    says(() => filterAcross(model, "sane", 0, images), /did you mean "same"\?/);
    says(() => filterAcross(model, 0, 0, images, { labels: [1] }), /labels for 3 pictures, found 1/);
    says(() => filterAcross(model, 0, 0, images, { silence: 1 }), /silence: a share from 0 to below 1/);
    says(() => filterAcross(model, 0, 0, []), /found nothing/);
    assert.equal(tf.memory().numTensors, before);
  });
});
