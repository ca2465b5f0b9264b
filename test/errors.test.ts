import assert from "node:assert/strict";
import { InputError } from "../src/errors.ts";

describe("InputError", () => {
  it("says who, expected, found and what to do in one line", () => {
    const error = new InputError({
      who: "fit",
      expected: "data\n  of one size",
      found: "two",
      fix: "crop them",
    });
    assert.equal(error.message, "fit: expected data of one size, found two; crop them");
    assert.equal(error.name, "InputError");
  });

  it("keeps its cause, and has none when none was given", () => {
    const cause = new Error("deeper");
    assert.equal(new InputError({ who: "a", expected: "b", found: "c", cause }).cause, cause);
    assert.equal("cause" in new InputError({ who: "a", expected: "b", found: "c" }), false);
  });
});
