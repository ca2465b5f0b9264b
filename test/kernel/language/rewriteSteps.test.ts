import assert from "node:assert/strict";
import { Script } from "node:vm";

import { PlainSession } from "./support.ts";

/** What code does that awaits, by what it logs; each piece is run as a cell and as JavaScript. */
const pieces: [title: string, code: string][] = [
  [
    "in each part of an expression",
    "log.push(await 1 + await 2 * -(await 3), `${await 4}`, [await 5, ...(await [6])])",
  ],
  [
    "in conditions",
    "log.push((await true) ? await 1 : await 2, (await null) ?? (await 3), (await 0) || await 4)",
  ],
  [
    "in calls and what is called",
    "log.push((await ((a, b) => a - b))(await 5, await 3), (await log)?.length, new (await Array)(await 2).length)",
  ],
  [
    "in objects and taking them apart",
    "const { [await 'a']: a, b = await 2, ...c } = { [await 'a']: await 1, d: 3 }; log.push(a, b, c)",
  ],
  ["in assignments", "const o = { a: 1 }; o[await 'a'] += await 2; [o.b = await 3] = []; log.push(o)"],
  ["in a call that is awaited", "const f = async (x) => x + 1; log.push(await f(await f(await f(1))))"],
  [
    "with brackets and line ends around",
    "log.push(await (\n  // why\n  1 /* one */\n), (await (2, 3)), await [4], await { a: 5 }, await /6/.source)",
  ],
  [
    "in a class",
    "class A extends (await Object) { [await 'm']() { return 1 } static [await 's'] = 2 }; log.push(new A().m(), A.s)",
  ],
  [
    "in a switch",
    "switch (await 2) { case await 1: log.push(1); case await 2: log.push(2); case 3: log.push(await 3); break; default: log.push(4) }",
  ],
  [
    "in loops and around labels",
    "a: for (let i = await 0; i < await 3; i += await 1) { b: for (const j of await [1, 2]) { if (await (j === 2)) continue a; if (i === 2) break a; log.push(i, j) } }",
  ],
  [
    "in do and while and for in",
    "let n = 0; do { n++ } while (await (n < 3)); while (await (n > 1)) n--; for (const k in await { x: 1 }) log.push(k, n)",
  ],
  [
    "in throw, catch and finally",
    "try { try { throw await 1 } catch (e) { log.push(e, await 2); throw 3 } finally { log.push(await 4) } } catch (e) { log.push(e) }",
  ],
  [
    "for what fails",
    "try { await Promise.reject(new RangeError('r')) } catch (e) { log.push(e.message) } try { await { then() { throw 5 } } } catch (e) { log.push(e) }",
  ],
  ["for thenables", "log.push(await { then(done) { done({ then(next) { next(7) } }) } })"],
  [
    "in the order of JavaScript",
    "const slow = async (n) => { for (let i = 0; i < n; i++) await null; log.push(n) }; await Promise.all([slow(3), slow(1), slow(2)]); log.push('all')",
  ],
  [
    "in functions of all forms",
    `
    async function f(a, { b } = {}, ...c) { await null; return [a, b, c, arguments.length, typeof this] }
    const o = { async m() { return [await this.x, this === o] }, x: 1, async *g() { yield await 1; yield 2 }, async "a b"() { return await 3 }, async 5() { return await 4 } };
    class A { x = 5; f = async () => (await 1) + this.x; async m(n) { return n ? (await this.m(n - 1)) + 1 : this.x } static async s() { return await this.name } async #p() { return await 6 } p() { return this.#p() } async delete() { return await 8 } };
    log.push(await f(1, { b: 2 }, 3, 4), await o.m(), await o["a b"](), await o[5](), await new A().f(), await new A().m(3), await A.s(), await new A().p(), await new A().delete());
    for await (const x of o.g()) log.push(x)`,
  ],
  [
    "in arrow functions with and without braces",
    "const f = async (x) => ({ x: await x }), g = async x => await f(await x), h = async () => async () => await 1; log.push(await f(1), await g(2), await (await h())(), await (async () => { return await 3 })())",
  ],
  [
    "in functions that call themselves",
    "const f = async (n) => n === 0 ? 0 : 1 + await f(n - 1); async function g(n) { if (n === 0) return 0; return await g(n - 1) + 1 } log.push(await f(5), await g(6))",
  ],
  [
    "in functions with super, new.target and arguments of others",
    "class A { async m(x) { return x } get v() { return 1 } } class B extends A { async m(x) { return [await super.m(x), await super.v, await (async () => await super.m(2))()] } } function F() { return { f: async () => [await 1, new.target === F, arguments.length] } } log.push(await new B().m(3), await new F(1, 2).f())",
  ],
  [
    "in functions whose parameters are declared again",
    "async function f(a, b = () => a) { var a; await 1; a = 2; return [a, b()] } log.push(await f(1))",
  ],
  [
    "and keep what functions are",
    "const f = async (a, b) => { await 1 }; async function g(a = 1) { await 2 } log.push(f.name, f.length, g.name, g.length, f.constructor.name, f() instanceof Promise, Object.prototype.toString.call(g))",
  ],
  [
    "and reject, never throw",
    "const f = async ({ a }) => { await 1; return a }; try { log.push(typeof f().catch(() => log.push('rejected'))) } catch { log.push('thrown') } await null; await null; const g = async () => { throw await 3 }; await g().catch((e) => log.push(e))",
  ],
  [
    "and take one turn as long as JavaScript's own",
    "const order = []; const f = async () => { order.push('f1'); await null; order.push('f2') }; const p = f(); Promise.resolve().then(() => order.push('then')); order.push('sync'); await p; log.push(...order)",
  ],
];

const loops: [title: string, code: string][] = [
  [
    "goes through generators, lists and promises",
    "async function* g() { yield 1; yield Promise.resolve(2) } for await (const x of g()) log.push(x); for await (const x of [3, Promise.resolve(4)]) log.push(x); for await (const x of (0, [5])) log.push(x)",
  ],
  [
    "gives its items to declarations, patterns and properties",
    "const o = {}; let a, b; for await (const { x, y: [z] = [1] } of [{ x: 1 }]) log.push(x, z); for await (o.p of [2]) log.push(o); for await ([a, b = 4] of [[3]]) log.push(a, b); for await (var v of [5, 6]); log.push(v)",
  ],
  [
    "has variables of its own each time",
    "const fs = []; for await (const x of [1, 2]) fs.push(() => x); log.push(fs.map((f) => f()))",
  ],
  [
    "is left, and says so to what it went through",
    `
    const source = (n) => ({ [Symbol.asyncIterator]: () => ({ i: 0, next() { return Promise.resolve({ value: this.i++, done: this.i > n }) }, async return() { await null; log.push('return'); return {} } }) });
    for await (const x of source(3)) { log.push(x); if (x === 1) break }
    for await (const x of source(2)) { if (x === 0) continue; log.push(x) }
    a: for await (const x of source(3)) { b: for await (const y of source(3)) { if (y === 1) continue b; if (y === 2) continue a; if (x === 1) break a; log.push([x, y]) } }
    try { for await (const x of source(3)) throw x } catch (e) { log.push('caught', e) }
    log.push(await (async () => { for await (const x of source(3)) return await x })())
    try { for await (const [x] of source(3)); } catch (e) { log.push(e.name) }`,
  ],
  [
    "shows the error that was first",
    `
    const source = (close) => ({ [Symbol.asyncIterator]: () => ({ next: () => ({ value: 1, done: false }), return: close }) });
    for (const close of [() => { throw 'close' }, () => Promise.reject('rejected'), () => 5, () => ({}), undefined, null])
      for (const way of ['break', 'throw'])
        try { for await (const x of source(close)) { if (way === 'break') break; throw 'body' } log.push('fine') } catch (e) { log.push(e.message ? e.name : e) }`,
  ],
  [
    "fails with what it goes through, which is then left alone",
    `
    const source = (next) => ({ [Symbol.asyncIterator]: () => ({ next, return() { log.push('return') } }) });
    for (const next of [() => { throw 1 }, () => Promise.reject(2), () => 3, () => Promise.resolve(null)])
      try { for await (const x of source(next)); } catch (e) { log.push(e.message ? e.name : e) }
    for (const not of [5, null, undefined, {}, { [Symbol.asyncIterator]: () => 1 }]) try { for await (const x of not); } catch (e) { log.push(e.name) }
    try { for await (const x of [1, Promise.reject(4)]) log.push(x) } catch (e) { log.push(e) }`,
  ],
  [
    "is the body of statements",
    "if (1) for await (const x of [1]) log.push(x); else log.push(0); for (const y of [2]) for await (const x of [y]) log.push(x); a: b: for await (const x of /* ) of ( */ [3]) /* ) */ continue a",
  ],
  [
    "closes a list's iterator",
    "const list = { *[Symbol.iterator]() { try { yield 1; yield 2 } finally { log.push('closed') } } }; for await (const x of list) { log.push(x); break }",
  ],
];

describe("code that awaits", () => specifySame(pieces));
describe("a loop with for await", () => specifySame(loops));

function specifySame(cases: [title: string, code: string][]): void {
  for (const [title, code] of cases) {
    it(title, async () => {
      const script = new Script(`(async () => { "use strict"; const log = []; ${code}\nreturn log })()`);
      const expected: unknown = await script.runInThisContext();
      assert.ok((expected as unknown[]).length > 0);
      assert.deepEqual(await new PlainSession().run(`const log = []; ${code}\nlog`), expected);
      // The same in a function of a cell, which is rewritten by itself.
      const inFunction = `await (async () => { const log = []; ${code}\nreturn log })()`;
      assert.deepEqual(await new PlainSession().run(inFunction), expected);
    });
  }
}
