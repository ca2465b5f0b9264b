import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { imageDataGenerator } from "../../src/keras/imageDataGenerator.ts";
import type { PictureRecord, RecordFlowOptions } from "../../src/keras/recordIterator.ts";
import { tf } from "../../src/tensorflow/tf.ts";
import { captureOutput } from "./captureOutput.ts";
import { camelCase } from "./generator/kerasTransforms.ts";

const fixtures = join(import.meta.dirname, "../fixtures/keras");
const directory = join(fixtures, "classes");

// Made by Keras: test/fixtures/keras/makeRecords.py.
const { rows, cases } = JSON.parse(readFileSync(join(fixtures, "records.json"), "utf8")) as {
  rows: PictureRecord[];
  cases: {
    options: Record<string, string>;
    said: string;
    filenames: string[];
    classIndices: Record<string, number>;
    ys: number[][];
    weights: number[];
  }[];
};

function flow(options: RecordFlowOptions, records = rows) {
  const capture = captureOutput();
  try {
    const generator = imageDataGenerator({ validationSplit: 0.4 });
    const common = { directory, targetSize: [1, 1], batchSize: 3, shuffle: false } as const;
    const iterator = generator.flowFromDataframe(records, { ...common, ...options });
    return { iterator, said: capture.end() };
  } finally {
    capture.end();
  }
}

describe("flowFromDataframe", () => {
  for (const expected of cases) {
    it(`finds and gives what Keras does with ${JSON.stringify(expected.options)}`, async () => {
      const before = tf.memory().numTensors;
      const { iterator, said } = flow(camelCase(expected.options));
      const left =
        'Found 2 invalid image filename(s) in xCol="filename". These filename(s) will be ignored.\n';
      assert.equal(said, left + expected.said);
      assert.deepEqual(iterator.filenames, expected.filenames);
      assert.deepEqual(iterator.classIndices, expected.classIndices);
      const ys = expected.ys.map((): number[] => []);
      const weights: number[] = [];
      let pictures = 0;
      for await (const batch of iterator) {
        pictures += batch.xs.shape[0];
        [batch.ys ?? []].flat().forEach((target, output) => ys[output]!.push(...target.dataSync()));
        weights.push(...(batch.sampleWeight?.dataSync() ?? []));
        tf.dispose({ ...batch });
      }
      assert.equal(pictures, iterator.samples);
      assert.deepEqual(ys, expected.ys);
      assert.deepEqual(weights, expected.weights);
      assert.equal(tf.memory().numTensors, before);
    });
  }

  it("takes records as they are when it is told so, and finds out later", async () => {
    const { iterator, said } = flow({ validateFilenames: false, classMode: null });
    assert.equal(said, "Found 7 non-validated image filenames.\n");
    await assert.rejects(
      async () => {
        for await (const batch of iterator) tf.dispose({ ...batch });
      },
      { name: "InputError", message: /^flowFromDataframe: .*no such file: .*nowhere\.png/ },
    );
  });

  it("says in one line what is wrong with records and options", () => {
    const refused = (options: object, message: RegExp, records = rows) =>
      assert.throws(() => flow(options, records), { name: "InputError", message });
    refused({ xCol: "path" }, /a column "path", found filename, class, .* in record 0$/);
    refused({ classMode: "binary" }, /two classes with classMode "binary", found 3: bird, cat, dog$/);
    refused({ yCol: "one" }, /names, or lists of names, in column "one", found 1\.5 in record 0$/);
    refused({ yCol: "several", classMode: "sparse" }, /names in column "several", found \["b","a"\]/);
    refused({ classMode: "raw" }, /numbers, or lists of numbers in column "class", found "cat"/);
    refused({ weightCol: "class" }, /numbers in column "class"/);
    refused({ classMode: "multi_output" }, /a list of columns as yCol .*found "class"/);
    refused({ classMode: "other" }, /classMode .*found "other"/);
    refused({}, /files' names in column "filename", found 1 in record 0/, [{ filename: 1, class: "a" }]);
  });
});
