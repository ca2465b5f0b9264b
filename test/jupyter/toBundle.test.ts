import assert from "node:assert/strict";
import { inspect } from "node:util";

import { displaySymbol, metadataSymbol } from "../../src/jupyter/mimeBundle.ts";
import { toBundle } from "../../src/jupyter/toBundle.ts";
import { dataOf, textOf } from "./support.ts";

describe("toBundle", () => {
  describe("of values that show themselves", () => {
    it("takes what their own method gives, awaited, with its metadata", async () => {
      const data = {
        "text/html": "<b>x</b>",
        "text/plain": "x",
        [metadataSymbol]: { "text/html": { isolated: true } },
      };
      const value = { [displaySymbol]: () => Promise.resolve(data) };
      assert.deepEqual(await toBundle(value), {
        data: { "text/html": "<b>x</b>", "text/plain": "x" },
        metadata: { "text/html": { isolated: true } },
      });
    });

    it("adds text where there is none", async () => {
      class Chart {
        [displaySymbol](): Record<string, unknown> {
          return { "image/svg+xml": "<svg/>" };
        }
      }
      assert.deepEqual(await dataOf(new Chart()), {
        "image/svg+xml": "<svg/>",
        "text/plain": "[Chart]",
      });
    });

    it("puts bytes into base64", async () => {
      const value = { [displaySymbol]: () => ({ "image/png": Uint8Array.of(1, 2, 3) }) };
      assert.equal((await dataOf(value))["image/png"], "AQID");
    });

    it("lets an error of the method through, thrown or rejected", async () => {
      const thrower = {
        [displaySymbol]: () => {
          throw new Error("cannot draw");
        },
      };
      const rejecter = { [displaySymbol]: () => Promise.reject(new Error("cannot load")) };
      await assert.rejects(async () => toBundle(thrower), /cannot draw/);
      await assert.rejects(async () => toBundle(rejecter), /cannot load/);
    });

    it("says what is wrong with what is no bundle", async () => {
      const value = { [displaySymbol]: () => "<b>x</b>" };
      await assert.rejects(async () => toBundle(value), {
        name: "InputError",
        message: /^Symbol\.for\("Jupyter\.display"\): expected an object .* found <b>x<\/b>$/,
      });
    });

    it("shows them as any other value when the method declines", async () => {
      assert.deepEqual(Object.keys(await dataOf({ [displaySymbol]: () => undefined, a: 1 })), ["text/plain"]);
    });
  });

  describe("of all others", () => {
    const cases: [what: string, value: unknown, text: string | RegExp][] = [
      ["a string", "it's", '"it\'s"'],
      ["a number", 0.1, "0.1"],
      ["minus zero", -0, "-0"],
      ["a big integer", 10n, "10n"],
      ["a symbol", Symbol("x"), "Symbol(x)"],
      ["null", null, "null"],
      ["a boxed number", Object(1), "[Number: 1]"],
      ["a date", new Date(0), "1970-01-01T00:00:00.000Z"],
      ["no date", new Date(NaN), "Invalid Date"],
      ["a regular expression", /x+/gi, "/x+/gi"],
      ["a Map", new Map([["a", { b: 1 }]]), "Map(1) { 'a' => { b: 1 } }"],
      ["a Set", new Set([1, "2"]), "Set(2) { 1, '2' }"],
      ["a Promise", Promise.resolve(3), /^Promise \{ 3 \}$/],
      ["an array", [1, [2, [3]]], "[ 1, [ 2, [ 3 ] ] ]"],
      ["an ArrayBuffer", new ArrayBuffer(2), /byteLength: 2/],
      [
        "a getter that throws",
        {
          get x(): number {
            throw new Error("no");
          },
        },
        "{ x: [Getter] }",
      ],
      ["a proxy", new Proxy({ a: 1 }, {}), "{ a: 1 }"],
      ["an object without prototype", Object.create(null), "[Object: null prototype] {}"],
    ];
    for (const [what, value, text] of cases) {
      it(`prints ${what}`, async () => {
        const printed = await textOf(value);
        if (typeof text === "string") assert.equal(printed, text);
        else assert.match(printed, text);
      });
    }

    it("prints instances with the name of their class", async () => {
      class Dog {
        readonly name = "Rex";
      }
      assert.equal(await textOf(new Dog()), "Dog { name: 'Rex' }");
    });

    it("prints cycles", async () => {
      const node: Record<string, unknown> = { name: "a" };
      node.self = node;
      assert.equal(await textOf(node), "<ref *1> { name: 'a', self: [Circular *1] }");
    });

    it("prints an Error with its stack and its cause, and does not throw it", async () => {
      const text = await textOf(new TypeError("outer", { cause: new Error("inner") }));
      assert.match(text, /^TypeError: outer\n {4}at /);
      assert.match(text, /\[cause\]: Error: inner/);
    });

    it("prints whatever throws when it is looked at", async () => {
      const fail = (): never => {
        throw new Error("no");
      };
      const hostile = new Proxy({}, { get: fail, has: fail, ownKeys: fail, getPrototypeOf: fail });
      assert.equal(await textOf(hostile), "{}");
      assert.match(await textOf({ [inspect.custom]: fail }), /^\{/);
      const eager = new Proxy({}, { get: () => () => undefined, has: () => true });
      assert.equal(await textOf(eager), "{}");
      assert.equal(await textOf([new Proxy([], { get: fail })]), "[ [] ]");
      const { proxy, revoke } = Proxy.revocable({}, {});
      revoke();
      assert.equal(await textOf(proxy), "<Revoked Proxy>");
    });

    it("prints what a value's own method for printing says, beside a picture of it", async () => {
      const value = { toHTML: () => "<i>x</i>", [inspect.custom]: () => "mine" };
      assert.deepEqual(await dataOf(value), { "text/html": "<i>x</i>", "text/plain": "mine" });
    });

    it("prints what only looks like something else", async () => {
      const value = {
        toHTML(): string {
          throw new Error("not now");
        },
      };
      assert.equal(await textOf(value), "{ toHTML: [Function: toHTML] }");
    });
  });

  describe("of long values", () => {
    it("cuts text and says how long it was", async () => {
      const text = await textOf(Array.from({ length: 100 }, () => "x".repeat(5000)));
      assert.ok(text.length < 110_000);
      assert.match(text, /… \(\d{3},\d{3} characters, cut here\)$/);
    });

    it("cuts strings and lists", async () => {
      assert.match((await textOf("x".repeat(20_000))).slice(-40), /x'\.\.\. 10000 more characters$/);
      assert.match(await textOf(Array.from({ length: 150 }, (_, i) => `${i}`)), /\.\.\. 50 more items\n\]$/);
    });

    it("shows the ends of long typed arrays, and their length", async () => {
      const numbers = Float32Array.from({ length: 1000 }, (_, index) => index / 2);
      assert.equal(
        await textOf(numbers),
        "Float32Array(1000) [ 0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, …, 498.5, 499, 499.5 ]",
      );
      assert.equal(await textOf(Float32Array.of(1, 0.5)), "Float32Array(2) [ 1, 0.5 ]");
      assert.match(await textOf(new BigInt64Array(200)), /^BigInt64Array\(200\) \[ 0n, /);
    });

    it("shows the first properties of large objects", async () => {
      const value = Object.fromEntries(Array.from({ length: 30_000 }, (_, index) => [`k${index}`, index]));
      assert.match(await textOf(value), /k999: 999,\n {2}… 29,000 more properties\n\}$/);
    });

    it("shows less of each level of deeply nested lists", async () => {
      const value = Array.from({ length: 100 }, () =>
        Array.from({ length: 100 }, () => new Array<number>(100).fill(0.5)),
      );
      assert.ok((await textOf(value)).length < 30_000);
    });
  });
});
