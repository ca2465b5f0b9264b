import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { datasets } from "../../../src/keras/datasets.ts";
import { tf } from "../../../src/tensorflow/tf.ts";
import { emptyPlaces, expected } from "./places.ts";

describe("datasets.cifar10", () => {
  const places = emptyPlaces();

  const check = async (found: Awaited<ReturnType<typeof datasets.cifar10>>) => {
    assert.deepEqual(
      [found.xTrain.shape, found.yTrain.shape],
      [
        [10, 32, 32, 3],
        [10, 1],
      ],
    );
    const firsts = tf.tidy(() =>
      Array.from(found.xTrain.reshape([10, 3072]).slice([0, 0], [10, 6]).dataSync()),
    );
    assert.deepEqual(firsts, expected.cifar.train);
    assert.deepEqual(Array.from(await found.yTrain.data()), expected.cifar.yTrain);
    assert.deepEqual(Array.from(await found.yTest.data()), expected.cifar.yTest);
    assert.deepEqual(Array.from((await found.xTest.data()).slice(-6)), expected.cifar.last);
    assert.equal(found.classNames[3], "cat");
    tf.dispose({ ...found });
  };

  for (const [name, place] of [
    ["cifar-10-python.tar.gz", "data/cifar10"],
    ["cifar-10-binary.tar.gz", "data"],
    ["cifar-10-python.tar.gz", "keras/datasets"],
  ] as const) {
    it(`reads the original archive: ${name} in ${place}`, async () => {
      places.copy(name, place);
      const before = tf.memory().numTensors;
      await check(await places.offline(() => datasets.cifar10()));
      assert.equal(tf.memory().numTensors, before);
      assert.equal(places.output, `CIFAR-10: ${join(places.directory, place, name)}\n`);
    });
  }

  it("reads a tree of pictures, one of each class in turn", async () => {
    const classes = "airplane automobile bird cat deer dog frog horse ship truck".split(" ");
    for (const part of ["train", "test"]) {
      for (const [label, name] of classes.entries()) {
        mkdirSync(join(places.directory, part, name), { recursive: true });
        for (let number = 0; number < 2; number++) {
          const background = { r: 20 * label, g: 100 * number, b: part === "test" ? 255 : 0 };
          await sharp({ create: { width: 32, height: 32, channels: 3, background } })
            .png()
            .toFile(join(places.directory, part, name, `${number}.png`));
        }
      }
    }
    const found = await places.offline(() => datasets.cifar10({ directory: places.directory }));
    assert.deepEqual(
      Array.from(await found.yTrain.data()),
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    );
    const corners = tf.tidy(() =>
      found.xTest.slice([0, 31, 31, 0], [20, 1, 1, 3]).reshape([20, 3]).arraySync(),
    );
    assert.deepEqual(
      corners,
      [0, 1].flatMap((number) => classes.map((_, label) => [20 * label, 100 * number, 255])),
    );
    tf.dispose({ ...found });

    writeFileSync(join(places.directory, "train/dog/1.png"), "broken");
    await assert.rejects(
      places.offline(() => datasets.cifar10({ directory: places.directory })),
      {
        name: "InputError",
        message: /train\/dog\/1\.png/,
      },
    );
  });

  it("says where it could be from when it is nowhere", async () => {
    const message =
      /cifar-10-python\.tar\.gz, found no network here; .*, or name a directory .* CONVOSCOPE_DATA/;
    await assert.rejects(
      places.offline(() => datasets.cifar10()),
      { name: "InputError", message },
    );
    await assert.rejects(
      places.offline(() => datasets.cifar10({ directory: places.directory })),
      /a directory with CIFAR-10's batches/,
    );
  });
});
