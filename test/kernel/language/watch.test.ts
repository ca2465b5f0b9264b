import assert from "node:assert/strict";

import { runWatched } from "../../../src/kernel/language/watch.ts";

describe("runWatched", () => {
  const place = Symbol.for("convoscope.job");

  it("gives what the job gives, and throws what it throws", () => {
    assert.equal(
      runWatched(() => 1 + 1),
      2,
    );
    assert.throws(
      () =>
        runWatched(() => {
          throw new RangeError("too far");
        }),
      RangeError,
    );
  });

  it("shows nothing on the global object, and holds nothing there afterwards", () => {
    runWatched(() => assert.equal(Object.getOwnPropertyDescriptor(globalThis, place)?.enumerable, false));
    assert.equal(Object.getOwnPropertyDescriptor(globalThis, place)?.value, undefined);
  });
});
