import assert from "node:assert/strict";

import { addLiveMembers } from "../../../../src/kernel/language/checker/liveMembers.ts";
import type { LiveMember } from "../../../../src/kernel/language/liveMembers.ts";

describe("addLiveMembers", () => {
  const typed = { start: 2, end: 4, matches: [], receiver: "a" };
  const members: LiveMember[] = [
    { name: "fit", type: "method", signature: "(x) => void" },
    { name: "first", type: "property", signature: "" },
    { name: "Fit", type: "property", signature: "" },
  ];

  it("adds members that begin with what is typed", async () => {
    const asked: string[] = [];
    const live = (expression: string): Promise<LiveMember[]> => {
      asked.push(expression);
      return Promise.resolve(members);
    };
    assert.deepEqual(await addLiveMembers(typed, "a.fi", live), {
      start: 2,
      end: 4,
      matches: [
        { text: "fit", type: "method", signature: "(x) => void" },
        { text: "first", type: "property", signature: "" },
      ],
    });
    assert.deepEqual(asked, ["a"]);
  });
  it("asks nobody when the type knows its members", async () => {
    const known = { start: 2, end: 4, matches: [{ text: "fin", type: "property", signature: "" }] };
    const nobody = (): Promise<LiveMember[]> => Promise.reject(new Error("asked"));
    assert.deepEqual(await addLiveMembers(known, "a.fi", nobody), known);
  });
  it("does without an answer that fails or does not come", async () => {
    const nothing = { start: 2, end: 4, matches: [] };
    assert.deepEqual(await addLiveMembers(typed, "a.fi", () => Promise.reject(new Error("no"))), nothing);
    assert.deepEqual(await addLiveMembers(typed, "a.fi", () => new Promise(() => undefined)), nothing);
    assert.deepEqual(await addLiveMembers(typed, "a.fi", undefined), nothing);
  });
});
