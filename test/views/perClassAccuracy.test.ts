import assert from "node:assert/strict";
import { perClassAccuracy } from "../../src/views/perClassAccuracy.ts";

describe("perClassAccuracy", () => {
  it("says which classes are recognised, the worst first", async () => {
    const view = perClassAccuracy([0, 1, 1, 2], [0, 1, 2, 2], { classNames: ["cat", "dog", "fox", "owl"] });
    assert.equal(
      view.text,
      [
        "Accuracy by class: 4 pictures, 75% right; worst dog (50%), best fox (100%)",
        "class  pictures  recognised  precision  F1",
        "dog    2         50%         100%       67%",
        "cat    1         100%        100%       100%",
        "fox    1         100%        50%        67%",
        "owl    0         –           –          –",
      ].join("\n"),
    );
    assert.equal(view.data.perClass[1]!.recall, 0.5);
    assert.doesNotMatch(await view.svg!(), />owl</, "no bar for what is not there");
  });
});
