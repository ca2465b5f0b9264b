import assert from "node:assert/strict";
import { display } from "../../src/jupyter/display.ts";
import { currentHost, setHost, type Host } from "../../src/jupyter/host.ts";
import { terminalHost } from "../../src/jupyter/hosts/terminal.ts";
import { displaySymbol, metadataSymbol } from "../../src/jupyter/mimeBundle.ts";

type Shown = Parameters<Host["display"]>;

describe("display", () => {
  afterEach(() => setHost(undefined as unknown as Host));

  function recordingHost(): Shown[] {
    const shown: Shown[] = [];
    setHost({ notebook: true, display: (...call) => void shown.push(call) });
    return shown;
  }

  it("hands a value's own representations and their metadata to the host", async () => {
    const shown = recordingHost();
    const data = Object.defineProperty({ "image/png": "AAAA", "text/plain": "a dot" }, metadataSymbol, {
      value: { "image/png": { width: 1 } },
    });
    await display({ [displaySymbol]: () => Promise.resolve(data) });
    assert.deepEqual(shown[0]?.[0], {
      data: { "image/png": "AAAA", "text/plain": "a dot" },
      metadata: { "image/png": { width: 1 } },
    });
  });

  it("names what it shows, so that it can be replaced", async () => {
    const shown = recordingHost();
    await display(1, { displayId: "state" });
    await display(2, { displayId: "state", update: true });
    assert.deepEqual(
      shown.map(([{ data }, options]) => [data["text/plain"], options]),
      [
        ["1", { displayId: "state" }],
        ["2", { displayId: "state", update: true }],
      ],
    );
  });

  it("finds the terminal where there is no notebook", () => {
    assert.equal(currentHost(), terminalHost);
    assert.equal(currentHost().notebook, false);
  });
});
