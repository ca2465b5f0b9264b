import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";

import { Streams } from "../../../src/kernel/core/streams.ts";

describe("Streams", () => {
  let published: [string, string, string][];
  let streams: Streams<string>;
  beforeEach(() => {
    published = [];
    streams = new Streams<string>((parent, name, text) => published.push([parent, name, text]));
  });

  it("publishes what is written within about 10 ms as one text", async () => {
    for (const text of ["a", "b", "", "c"]) streams.write("cell 1", "stdout", text);
    assert.deepEqual(published, []);
    await delay(40);
    assert.deepEqual(published, [["cell 1", "stdout", "abc"]]);
  });

  it("keeps the order of two streams and of two cells", () => {
    streams.write("cell 1", "stdout", "a");
    streams.write("cell 1", "stderr", "b");
    streams.write("cell 2", "stderr", "c");
    streams.write("cell 1", "stdout", "d");
    streams.flush();
    assert.deepEqual(
      published.map(([parent, name, text]) => `${parent} ${name} ${text}`),
      ["cell 1 stdout a", "cell 1 stderr b", "cell 2 stderr c", "cell 1 stdout d"],
    );
  });

  it("publishes during a synchronous loop, which lets no timer fire", () => {
    const end = performance.now() + 60;
    while (performance.now() < end) streams.write("cell 1", "stdout", ".");
    assert.ok(published.length >= 2, `${published.length} texts`);
  });

  it("does not hold back much text", () => {
    streams.write("cell 1", "stdout", "x".repeat(100_000));
    assert.equal(published.length, 1);
  });

  it("flushes nothing when nothing waits", () => {
    streams.flush();
    assert.deepEqual(published, []);
  });
});
