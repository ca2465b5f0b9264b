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

  it("let a signal be sent for a request, and none without", () => {
    const flags = flagsOfACell();
    flags.signal(send);
    assert.equal(sent, 0);
    flags.request();
    flags.signal(send);
    assert.equal(sent, 1);
    flags.request();
    flags.signal(send);
    assert.equal(sent, 2);
    assert.ok(flags.isRequested());
  });

  it("say at the end of a cell how many signals were sent for it", () => {
    const flags = flagsOfACell();
    assert.equal(flags.end(), 0);
    flags.start();
    flags.request();
    assert.equal(flags.end(), 0);
    assert.ok(!flags.isRequested());
    flags.start();
    flags.request();
    flags.signal(send);
    flags.signal(send);
    assert.equal(flags.end(), 2);
    assert.equal(flags.end(), 0);
    assert.ok(!flags.isRequested());
  });

  it("let no signal be sent before a cell has started, and then one", () => {
    const flags = flagsOfACell();
    flags.end();
    flags.request();
    assert.ok(flags.isRequested() && flags.isEarly());
    flags.signal(send);
    assert.equal(sent, 0);
    flags.start();
    assert.ok(flags.isRequested() && !flags.isEarly());
    flags.signal(send);
    assert.equal(sent, 1);
  });

  it("let no signal be sent for a cell that has ended", () => {
    const flags = flagsOfACell();
    flags.request();
    flags.end();
    flags.signal(send);
    assert.equal(sent, 0);
  });
});
