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

  it("aborts what is queued, and nothing that is added later", async () => {
    const lane = new Lane();
    const log: [string, boolean][] = [];
    const job = (name: string) => (aborted: boolean) => {
      log.push([name, aborted]);
      return Promise.resolve();
    };
    lane.add(async () => {
      await turn();
      lane.abortQueued();
      lane.add(job("later"));
    });
    lane.add(job("queued"));
    await turn();
    await turn();
    lane.add(job("latest"));
    await turn();
    assert.deepEqual(log, [
      ["queued", true],
      ["later", false],
      ["latest", false],
    ]);
  });

  it("says what its queued jobs are about, until they start", async () => {
    const lane = new Lane();
    lane.add(() => turn());
    lane.add(() => turn(), "a");
    assert.deepEqual([lane.awaits("a"), lane.awaits("b")], [true, false]);
    await turn();
    await turn();
    assert.equal(lane.awaits("a"), false);
  });

  it("tells when no job is left, or that it takes too long", async () => {
    const lane = new Lane();
    await lane.idle(60_000);
    let end = (): void => undefined;
    lane.add(() => new Promise((resolve) => (end = resolve)));
    await lane.idle(1);
    let idle = false;
    const waiting = lane.idle(60_000).then(() => (idle = true));
    await turn();
    assert.ok(!idle);
    end();
    await waiting;
  });
});
