import assert from "node:assert/strict";

import { Origins, parentOf, type Parent } from "../../../src/kernel/core/origins.ts";
import { makeHeader } from "../../../src/kernel/transport/message.ts";

function parent(type: string, content = {}): Parent {
  const header = makeHeader(type, "client");
  return parentOf({ identities: [], header, parentHeader: {}, metadata: {}, content, buffers: [] });
}

describe("Origins", () => {
  it("finds a request by its number", () => {
    const origins = new Origins();
    const [cell, message] = [parent("execute_request"), parent("comm_msg")];
    const numbers = [origins.add(cell), origins.add(message)];
    assert.deepEqual(
      numbers.map((number) => origins.find(number)),
      [cell, message],
    );
  });

  it("takes the latest cell that is seen for one that it does not know", () => {
    const origins = new Origins();
    assert.equal(origins.find(1), undefined);
    const cell = parent("execute_request");
    origins.add(cell);
    origins.add(parent("execute_request", { silent: true }));
    origins.add(parent("comm_msg"));
    assert.equal(origins.find(undefined), cell);
    assert.equal(origins.find(99), cell);
  });

  it("forgets the oldest, so that nothing grows", () => {
    const origins = new Origins(2);
    const parents = [1, 2, 3].map(() => parent("comm_msg"));
    const numbers = parents.map((each) => origins.add(each));
    assert.deepEqual(
      numbers.map((number) => origins.find(number)),
      [undefined, parents[1], parents[2]],
    );
  });

  it("keeps of a request what its output needs, and not its code", () => {
    assert.deepEqual(Object.keys(parent("execute_request", { code: "x" })).sort(), [
      "allowStdin",
      "ended",
      "header",
      "identities",
      "silent",
    ]);
  });
});
