import assert from "node:assert/strict";
import { nearestName } from "../src/nearestName.ts";

describe("nearestName", () => {
  const commands = ["run", "lab", "install", "uninstall", "doctor", "kernel"];
  const cases: [typed: string, meant: string | undefined][] = [
    ["rnu", "run"],
    ["instal", "install"],
    ["uninstal", "uninstall"],
    ["docter", "doctor"],
    ["labs", "lab"],
    ["frobnicate", undefined],
    ["", undefined],
  ];
  for (const [typed, meant] of cases) {
    it(`takes ${JSON.stringify(typed)} for ${meant ?? "nothing"}`, () =>
      assert.equal(nearestName(typed, commands), meant));
  }
});
