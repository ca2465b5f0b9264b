import assert from "node:assert/strict";

import { addLiveDescription } from "../../../../src/kernel/language/checker/liveDescription.ts";

describe("addLiveDescription", () => {
  const bundle = {
    data: { "text/markdown": "```ts\nconst a: any\n```", "text/plain": "const a: any" },
    metadata: {},
  };

  it("tells the value of what has no type", async () => {
    const described = await addLiveDescription({ untyped: "a.b" }, (expression) =>
      Promise.resolve({ type: "number", text: expression === "a.b" ? "1" : "" }),
    );
    assert.deepEqual(described?.data, {
      "text/markdown": "```ts\na.b: number\n```\n\n**Value**\n\n```\n1\n```",
      "text/plain": "a.b: number\n\nValue:\n\n1",
    });
  });

  it("adds it to what the types tell", async () => {
    const described = await addLiveDescription({ bundle, untyped: "a" }, () =>
      Promise.resolve({ type: "function f(x)", text: "" }),
    );
    assert.equal(described?.data["text/plain"], "const a: any\n\nValue:\n\nfunction f(x)");
  });

  it("asks nobody when the type is known", async () => {
    const nobody = (): Promise<never> => Promise.reject(new Error("asked"));
    assert.equal(await addLiveDescription({ bundle }, nobody), bundle);
  });

  it("does without an answer that fails, does not come or says nothing", async () => {
    const answers = [
      Promise.reject(new Error("no")),
      new Promise<never>(() => undefined),
      Promise.resolve(undefined),
    ];
    for (const answer of answers)
      assert.equal(await addLiveDescription({ bundle, untyped: "a" }, () => answer), bundle);
  });
});
