import assert from "node:assert/strict";
import { notebookGlobalNames, notebookGlobals } from "../../src/jupyter/globals.ts";
import { setHost } from "../../src/jupyter/host.ts";
import { recordingHost } from "./support.ts";

describe("the globals of cells", () => {
  afterEach(() => setHost(undefined));
  const { prompt, confirm, alert, input, kernel } = notebookGlobals();

  it("are these", () => {
    assert.deepEqual([...notebookGlobalNames].sort(), [
      ...[
        "Deno",
        "alert",
        "clearOutput",
        "confirm",
        "display",
        "html",
        "input",
        "kernel",
        "md",
        "prompt",
        "svg",
      ],
    ]);
    assert.deepEqual(Object.keys(notebookGlobals()), notebookGlobalNames);
  });

  it("ask for a line, with a value for none", () => {
    const { asked } = recordingHost({ answers: ["Ada", "", "secret"] });
    assert.equal(prompt("Name?"), "Ada");
    assert.equal(prompt("Name?", "Bob"), "Bob");
    assert.equal(prompt("Key: ", "", { password: true }), "secret");
    assert.deepEqual(asked, [
      { prompt: "Name? ", password: false },
      { prompt: "Name? [Bob] ", password: false },
      { prompt: "Key: ", password: true },
    ]);
  });

  it("ask a question, and take anything but yes for no", () => {
    const { asked } = recordingHost({ answers: ["y", "Yes ", "n", "", "yesterday"] });
    assert.deepEqual(
      Array.from({ length: 5 }, () => confirm("Sure?")),
      [true, true, false, false, false],
    );
    assert.equal(asked[0]?.prompt, "Sure? [y/N] ");
  });

  it("wait until a message is seen", () => {
    const { asked } = recordingHost();
    alert("Done.");
    assert.equal(asked[0]?.prompt, "Done. [Enter] ");
  });

  it("ask while other things go on", async () => {
    const { asked } = recordingHost({ answers: ["x"] });
    assert.equal(await input("Key: ", { password: true }), "x");
    assert.deepEqual(asked, [{ prompt: "Key: ", password: true }]);
  });

  it("say who cannot ask", async () => {
    setHost({ name: "tslab", notebook: true, display: () => undefined });
    const expected = "expected a notebook or a terminal where the user can be asked, found tslab";
    assert.throws(() => prompt("Name?"), { name: "InputError", message: `prompt: ${expected}` });
    await assert.rejects(input("Name?"), { name: "InputError", message: `input: ${expected}` });
  });

  it("know the signal of the cell that runs", () => {
    assert.equal(kernel.signal.aborted, false);
    const controller = new AbortController();
    recordingHost({ signal: controller.signal });
    assert.equal(kernel.signal, controller.signal);
  });
});
