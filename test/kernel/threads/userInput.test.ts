import assert from "node:assert/strict";
import { MessageChannel } from "node:worker_threads";

import { interruptFlagBytes, interruptFlags } from "../../../src/kernel/language/interruptFlags.ts";
import { UserInput } from "../../../src/kernel/threads/userInput.ts";

describe("UserInput", () => {
  const { port1, port2 } = new MessageChannel();
  const input = new UserInput(port1, interruptFlags(new SharedArrayBuffer(interruptFlagBytes)));
  after(() => port2.close());

  const answer = (reply: object) => (id: number) => port2.postMessage({ id, ...reply });
  const refusal = { error: { name: "EOFError", message: "the end" } };

  it("gives the line that is the answer", async () => {
    assert.equal(await input.line(answer({ line: "Ada" })), "Ada");
    assert.equal(
      input.lineSync(answer({ line: "Eve" }), () => undefined),
      "Eve",
    );
  });

  it("fails where the question was asked", async () => {
    async function asksTheUser(): Promise<void> {
      await input.line(answer(refusal));
    }
    await assert.rejects(asksTheUser(), ({ name, message, stack }: Error) => {
      assert.deepEqual([name, message], ["EOFError", "the end"]);
      return stack!.includes("asksTheUser");
    });
    const asksAtOnce = (): string => input.lineSync(answer(refusal), () => undefined);
    assert.throws(asksAtOnce, { name: "EOFError", message: "the end", stack: /asksAtOnce/ });
  });
});
