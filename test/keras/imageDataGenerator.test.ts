import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ClassMode, DirectoryIterator } from "../../src/keras/directoryIterator.ts";
import { imageDataGenerator } from "../../src/keras/imageDataGenerator.ts";
import type { ColorMode } from "../../src/keras/pictures/decodePicture.ts";
import { tf } from "../../src/tensorflow/tf.ts";
import { captureOutput } from "./captureOutput.ts";

const fixtures = join(import.meta.dirname, "../fixtures/keras");
const classes = join(fixtures, "classes");

interface Flow {
  options: Partial<{
    class_mode: ClassMode;
    subset: "training" | "validation";
    classes: string[];
    color_mode: ColorMode;
  }>;
  classIndices: Record<string, number>;
  classes: number[];
  filenames: string[];
  samples: number;
  length: number;
  shapes: [number[], number[]][];
  xs: number[];
  ys: number[];
}

function quiet<T>(work: () => T): T {
  const capture = captureOutput();
  try {
    return work();
  } finally {
    capture.end();
  }
}

async function epoch(flow: DirectoryIterator): Promise<{ shapes: number[][][]; xs: number[]; ys: number[] }> {
  const seen = { shapes: [] as number[][][], xs: [] as number[], ys: [] as number[] };
  for await (const { xs, ys } of flow) {
    seen.shapes.push([xs.shape, ys?.shape ?? []]);
    seen.xs.push(...(await xs.data()));
    if (ys) seen.ys.push(...(await ys.data()));
    tf.dispose({ xs, ys });
  }
  return seen;
}

describe("imageDataGenerator", () => {
  describe("flowFromDirectory", () => {
    // Listed and read by Keras: test/fixtures/keras/makePictures.py.
    const flows = JSON.parse(readFileSync(join(fixtures, "flow.json"), "utf8")) as Flow[];

    for (const expected of flows) {
      it(`finds and gives what Keras does with ${JSON.stringify(expected.options)}`, async () => {
        const { class_mode: classMode, color_mode: colorMode, ...same } = expected.options;
        const options = { ...same, ...(classMode && { classMode }), ...(colorMode && { colorMode }) };
        const flow = quiet(() =>
          imageDataGenerator({ rescale: 1 / 255, validationSplit: 0.4 }).flowFromDirectory(classes, {
            ...options,
            targetSize: [2, 2],
            batchSize: 5,
            shuffle: false,
          }),
        );
        assert.deepEqual(flow.classIndices, expected.classIndices);
        assert.deepEqual(Array.from(flow.classes), expected.classes);
        assert.deepEqual(flow.filenames, expected.filenames);
        assert.equal(flow.samples, expected.samples);
        assert.equal(flow.length, expected.length);
        const { shapes, xs, ys } = await epoch(flow);
        assert.deepEqual(shapes, expected.shapes);
        assert.deepEqual(xs, expected.xs);
        assert.deepEqual(ys, expected.ys);
      });
    }

    it("says how many pictures of how many classes it found", () => {
      const capture = captureOutput();
      imageDataGenerator().flowFromDirectory(classes);
      assert.equal(capture.end(), "Found 14 images belonging to 3 classes.\n");
    });

    const shuffled = (seed?: number) =>
      quiet(() =>
        imageDataGenerator().flowFromDirectory(classes, {
          targetSize: [2, 2],
          classMode: "sparse",
          ...(seed !== undefined && { seed }),
        }),
      );

    it("shuffles anew in each epoch, and repeats itself with a seed", async () => {
      const [one, two] = [shuffled(1), shuffled(1)];
      const first = await epoch(one);
      const second = await epoch(one);
      assert.notDeepEqual(first.xs, second.xs);
      assert.deepEqual(first.xs.toSorted(), second.xs.toSorted());
      assert.deepEqual(await epoch(two), first);
      assert.deepEqual(await epoch(two), second);
      assert.notDeepEqual(await epoch(shuffled(2)), first);
      assert.notDeepEqual((await epoch(shuffled())).xs, first.xs);
    });

    it("gives the same pictures when none of them is kept", async () => {
      const options = { targetSize: [2, 2], shuffle: false, batchSize: 3 } as const;
      const kept = quiet(() => imageDataGenerator().flowFromDirectory(classes, options));
      const anew = quiet(() =>
        imageDataGenerator().flowFromDirectory(classes, { ...options, cacheBytes: 0 }),
      );
      const first = await epoch(kept);
      assert.deepEqual(await epoch(anew), first);
      assert.deepEqual(await epoch(anew), first);
    });

    it("applies the function to each picture, then the factor", async () => {
      const seen: number[][] = [];
      const preprocessingFunction = (picture: tf.Tensor3D) => {
        seen.push(picture.shape);
        return picture.add<tf.Tensor3D>(1);
      };
      const options = { targetSize: [2, 2], shuffle: false, classMode: null } as const;
      const plain = quiet(() => imageDataGenerator().flowFromDirectory(classes, options));
      const made = quiet(() =>
        imageDataGenerator({ rescale: 2, preprocessingFunction }).flowFromDirectory(classes, options),
      );
      const before = tf.memory().numTensors;
      const { xs } = await epoch(plain);
      assert.deepEqual(
        (await epoch(made)).xs,
        xs.map((value) => (value + 1) * 2),
      );
      assert.deepEqual(seen, Array(14).fill([2, 2, 3]));
      assert.equal(tf.memory().numTensors, before);
    });

    it("leaves no tensor when an epoch is left early", async () => {
      const before = tf.memory().numTensors;
      for await (const batch of shuffled(3)) {
        tf.dispose({ ...batch });
        break;
      }
      assert.equal(tf.memory().numTensors, before);
    });

    describe("says in one line", () => {
      let directory: string;
      before(() => (directory = mkdtempSync(join(tmpdir(), "classes-"))));
      after(() => rmSync(directory, { recursive: true }));
      const flow = (options = {}, place = classes) => imageDataGenerator().flowFromDirectory(place, options);

      it("that the directory is missing", () =>
        assert.throws(() => flow({}, "nowhere"), {
          name: "InputError",
          message: /one directory per class, found no nowhere/,
        }));
      it("that there are no classes", () =>
        assert.throws(() => flow({}, directory), { message: /found no directory in/ }));
      it("that a class is empty", () => {
        mkdirSync(join(directory, "empty"));
        assert.throws(() => flow({}, directory), {
          message: /pictures of class "empty", found no picture in/,
        });
      });
      it("that a class is missing", () =>
        assert.throws(() => flow({ classes: ["a", "c"] }), { message: /class "c", found no directory/ }));
      it("that a picture is broken", async () => {
        const broken = mkdtempSync(join(directory, "broken-"));
        mkdirSync(join(broken, "a"));
        const whole = readFileSync(join(fixtures, "pictures/rgb.png"));

        writeFileSync(join(broken, "a/short.png"), whole.subarray(0, whole.length - 60));
        const source = quiet(() => flow({}, broken));
        await assert.rejects(epoch(source), {
          name: "InputError",
          message: /^flowFromDirectory: .*short\.png/,
        });
      });
      it("what is wrong with an option", () => {
        assert.throws(() => flow({ classMode: "other" }), { message: /classMode .*found "other"/ });
        assert.throws(() => flow({ batchSize: 0 }), { message: /batchSize of at least 1, found 0/ });
        assert.throws(() => flow({ subset: "test" }), { message: /subset "training" or "validation"/ });
        assert.throws(() => flow({ subset: "training" }), { message: /validationSplit.*found none/ });
      });
    });
  });
});
