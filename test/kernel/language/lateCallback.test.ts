import assert from "node:assert/strict";

import { freshInterpreter } from "./freshInterpreter.ts";

describe("functions that are called later", () => {
  const { text } = freshInterpreter();

  const same: [title: string, code: string, value: string][] = [
    [
      "get their arguments",
      "await new Promise((next) => setTimeout((...all) => next(all), 1, 2, 3))",
      "[ 2, 3 ]",
    ],
    [
      "get their this",
      "const { EventEmitter } = require('node:events'); const e = new EventEmitter(); const heard: unknown[] = []; e.on('x', function (this: unknown, ...all) { heard.push(this === e, ...all) }); e.emit('x', 1, 2); heard",
      "[ true, 1, 2 ]",
    ],
    [
      "can be taken back when they have a name",
      "const e = new EventTarget(); let n = 0; const f = () => void n++; e.addEventListener('x', f); e.removeEventListener('x', f); e.dispatchEvent(new Event('x')); n",
      "0",
    ],
    ["may be no functions", "await Promise.reject(1).then(undefined, (x) => x + 1).catch(null)", "2"],
    [
      "may come from an expression",
      "const o = { f: (x: number) => x + 1 }; await Promise.resolve(1).then(o.f).then((0, o.f))",
      "3",
    ],
    ["throw what they throw", "await Promise.resolve().then(() => { throw 'x' }).catch((x) => x)", "'x'"],
    [
      "keep name and length",
      "const q = { then: (f: Function) => [f.name, f.length] }; const f = (a: 1, b: 2) => 0; q.then(f)",
      "[ 'f', 2 ]",
    ],
  ];
  for (const [title, code, value] of same) it(title, async () => assert.equal(await text(code), value));
});
