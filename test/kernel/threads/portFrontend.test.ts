import assert from "node:assert/strict";

import { toJsonBundle } from "../../../src/kernel/threads/portFrontend.ts";

describe("a bundle on its way to the front end", () => {
  const arrived = (value: unknown): unknown =>
    toJsonBundle({ data: { "application/json": value }, metadata: {} }).data["application/json"];

  it("is what its JSON says", () => {
    assert.deepEqual(arrived({ a: undefined, b: new Date(0), c: NaN, d: { toJSON: () => 1 } }), {
      b: "1970-01-01T00:00:00.000Z",
      c: null,
      d: 1,
    });
  });

  it("leaves out what JSON has no word for", () => {
    assert.deepEqual(toJsonBundle({ data: { a: () => 1, b: undefined, c: "c" }, metadata: {} }).data, {
      c: "c",
    });
  });

  it("is refused where it cannot be written, which the cell hears of", () => {
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    assert.throws(() => arrived(circular), TypeError);
    assert.throws(() => arrived({ a: 1n }), TypeError);
  });
});
