import assert from "node:assert/strict";
import { inspect } from "node:util";
import { currentHost, setHost, type Host } from "../../src/jupyter/host.ts";

describe("setHost", () => {
  const host: Host = { name: "a host of this test", notebook: true, display: () => undefined };
  afterEach(() => setHost(undefined));

  it("puts a host in charge, until another one or none is", () => {
    setHost(host);
    assert.equal(currentHost(), host);
    const other = { ...host };
    setHost(other);
    assert.equal(currentHost(), other);
    setHost(undefined);
    assert.notEqual(currentHost(), other);
  });

  it("reaches other copies of this package", () => {
    setHost(host);
    const found = Object.getOwnPropertySymbols(globalThis).filter(
      (symbol) => Reflect.get(globalThis, symbol) === host,
    );
    assert.deepEqual(found, [Symbol.for("convoscope.host")]);
  });

  it("shows nothing of it to who prints the global object", () => {
    const before = inspect(globalThis);
    setHost(host);
    assert.equal(inspect(globalThis), before);
  });
});
