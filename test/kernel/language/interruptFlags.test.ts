import assert from "node:assert/strict";

import { interruptFlagBytes, interruptFlags } from "../../../src/kernel/language/interruptFlags.ts";

describe("the flags of an interrupt", () => {
  const flagsOfACell = (): ReturnType<typeof interruptFlags> => {
    const flags = interruptFlags(new SharedArrayBuffer(interruptFlagBytes));
    flags.start();
    return flags;
  };
  let sent = 0;
  const send = (): void => void sent++;
  beforeEach(() => (sent = 0));

  it("let one signal be sent for a request, and none without", () => {
    const flags = flagsOfACell();
    assert.deepEqual([flags.signal(send), sent], [true, 0]);
    flags.request();
    assert.deepEqual([flags.signal(send), flags.signal(send), sent], [true, true, 1]);
    assert.ok(flags.isRequested() && flags.isSignalled());
    flags.end();
    assert.ok(!flags.isRequested() && !flags.isSignalled());
  });

  it("let none be sent behind a shield, and ask to try again", () => {
    const flags = flagsOfACell();
    flags.shield();
    assert.ok(!flags.isRequested());
    flags.request();
    assert.ok(flags.isRequested());
    assert.deepEqual([flags.signal(send), sent], [false, 0]);
    flags.unshield();
    assert.deepEqual([flags.signal(send), sent], [true, 1]);
  });

  it("keep a request that was made before the shield", () => {
    const flags = flagsOfACell();
    flags.request();
    flags.shield();
    assert.deepEqual([flags.isRequested(), flags.signal(send), sent], [true, false, 0]);
    flags.unshield();
    assert.deepEqual([flags.signal(send), sent], [true, 1]);
  });
});
