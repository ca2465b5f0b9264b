import assert from "node:assert/strict";
import { compile, type TopLevelSpec } from "vega-lite";

import { dataOf } from "../support.ts";

const chart = {
  $schema: "https://vega.github.io/schema/vega-lite/v5.json",
  title: "Loss",
  data: { values: [{ x: 1, y: 2 }] },
  mark: "line",
  encoding: { x: { field: "x", type: "quantitative" }, y: { field: "y", type: "quantitative" } },
} satisfies TopLevelSpec & { $schema: string };

describe("charts", () => {
  it("are specifications of Vega-Lite", async () => {
    assert.deepEqual(await dataOf(chart), {
      "application/vnd.vegalite.v5+json": chart,
      "text/plain": "Vega-Lite chart: Loss",
    });
  });

  it("are specifications of Vega", async () => {
    const { spec } = compile(chart);
    const data = await dataOf(spec);
    assert.deepEqual(Object.keys(data), ["application/vnd.vega.v5+json", "text/plain"]);
    assert.equal(data["text/plain"], "Vega chart: Loss");
  });

  it("go to the renderer that the front end has: 6 is shown as 5, 4 as 4", async () => {
    const version = async (number: number): Promise<string[]> =>
      Object.keys(await dataOf({ ...chart, $schema: chart.$schema.replace("v5", `v${number}.2.1`) }));
    assert.equal((await version(6))[0], "application/vnd.vegalite.v5+json");
    assert.equal((await version(4))[0], "application/vnd.vegalite.v4+json");
  });

  it("are objects that give a specification, with typed arrays as lists", async () => {
    const builder = {
      toSpec: () => ({ mark: { type: "bar" }, data: { values: Float32Array.of(1, 2) }, n: 3n }),
    };
    assert.deepEqual(await dataOf(builder), {
      "application/vnd.vegalite.v5+json": { mark: { type: "bar" }, data: { values: [1, 2] }, n: 3 },
      "text/plain": "Vega-Lite chart: bar",
    });
  });

  it("are not what names another schema, nor what JSON cannot carry", async () => {
    const cyclic: Record<string, unknown> = { ...chart };
    cyclic.self = cyclic;
    for (const value of [{ $schema: "https://json-schema.org/draft/2020-12/schema" }, cyclic])
      assert.deepEqual(Object.keys(await dataOf(value)), ["text/plain"]);
  });
});
