import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";

import { Lane } from "../../../src/kernel/core/lane.ts";

describe("Lane", () => {
  it("runs jobs one after the other, in their order", async () => {
    const lane = new Lane();
    const log: string[] = [];
    for (const name of ["a", "b"]) {
      lane.add(async () => {
        log.push(`${name} starts`);
        await turn();
        log.push(`${name} ends`);
      });
    }
    await turn();
    await turn();
    await turn();
    assert.deepEqual(log, ["a starts", "a ends", "b starts", "b ends"]);
  });

  it("aborts what is queued, and what arrives until all has arrived, and nothing later", async () => {
    const lane = new Lane();
    const aborted: [string, boolean][] = [];
    const job = (name: string) => (isAborted: boolean) => {
      aborted.push([name, isAborted]);
      return Promise.resolve();
    };
    let allArrived!: () => void;
    lane.add(() => {
      lane.abortQueued(new Promise((resolve) => (allArrived = resolve)));
      return Promise.resolve();
    });
    lane.add(job("queued"));
    await turn();
    lane.add(job("on its way"));
    allArrived();
    await turn();
    lane.add(job("sent later"));
    await turn();
    assert.deepEqual(aborted, [
      ["queued", true],
      ["on its way", true],
      ["sent later", false],
    ]);
  });
});
