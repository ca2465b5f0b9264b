import assert from "node:assert/strict";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { datasets } from "../../../src/keras/datasets.ts";
import { needRealData } from "../../support/needs.ts";
import { emptyPlaces } from "./places.ts";

describe("datasets.catsAndDogs", () => {
  const places = emptyPlaces();

  const grow = (place: string, parts: string[]) => {
    for (const part of parts) {
      for (const name of ["dogs", "cats"]) mkdirSync(join(place, part, name), { recursive: true });
    }
  };

  it("finds the photos in CONVOSCOPE_DATA or in Keras' cache", async () => {
    const cache = join(places.directory, "keras/datasets/cats_and_dogs_filtered");
    grow(cache, ["train", "validation"]);
    const cached = await places.offline(() => datasets.catsAndDogs());
    assert.deepEqual(cached, {
      train: join(cache, "train"),
      validation: join(cache, "validation"),
      classNames: ["cats", "dogs"],
      source: join(places.directory, "keras/datasets"),
    });
    const place = join(places.directory, "data/cats-dogs/small150");
    grow(place, ["train", "validation", "test"]);
    const { test, validation } = await places.offline(() => datasets.catsAndDogs());
    assert.deepEqual([validation, test], [join(place, "validation"), join(place, "test")]);
    assert.equal(places.output, `Cats and dogs: ${join(places.directory, "data/cats-dogs")}\n`);
  });

  it("unpacks the archive of real photos into Keras' cache, once", async function () {
    const realData = needRealData.call(this);
    const options = { directory: realData };
    for (let time = 0; time < 2; time++) {
      const found = await places.offline(() => datasets.catsAndDogs(options));
      assert.equal(readdirSync(join(found.train, "cats")).length, 1000);
      assert.equal(readdirSync(join(found.test!, "dogs")).length, 500);
      assert(found.train.startsWith(join(process.env.KERAS_HOME!, "datasets")));
    }
  });

  it("says where they could be from when they are nowhere", async () => {
    const message = /cats_and_dogs_filtered\.zip, found no network here/;
    await assert.rejects(
      places.offline(() => datasets.catsAndDogs()),
      { name: "InputError", message },
    );
    await assert.rejects(
      places.offline(() => datasets.catsAndDogs({ directory: places.directory })),
      /train and validation/,
    );
  });
});
