import { InputError } from "../../errors.ts";

/** A value of a pickle; calls of Python's functions are kept as what was called with what. */
export type Pickled =
  string | number | boolean | null | Uint8Array | Pickled[] | Map<Pickled, Pickled> | PickledCall;

/** A Python object that was made by a call: `numpy.core.multiarray._reconstruct(…)` and what was set on it. */
export interface PickledCall {
  called: string;
  args: Pickled;
  state?: Pickled;
}

const mark = Symbol("mark");

/**
 * Reads a pickle of Python (pickletools.py describes the format): the plain values of protocols 0 to 4 that data sets consist of. Nothing is
 * run: what Python would call is only named, so a file cannot do anything.
 *
 * @param text how Python 2's byte strings are given: as text up to `longest` bytes, else as bytes
 * @throws InputError for what is not data
 */
export function readPickle(bytes: Buffer, who: string, longest = 256): Pickled {
  const stack: (Pickled | typeof mark)[] = [];
  const memo: Pickled[] = [];
  let at = 0;
  const byte = () => bytes[at++]!;
  const take = (length: number) => bytes.subarray(at, (at += length));
  const int32 = () => bytes.readInt32LE((at += 4) - 4);
  const line = () =>
    take(bytes.indexOf(10, at) + 1 - at)
      .toString("latin1")
      .trimEnd();
  const pop = () => stack.pop() as Pickled;
  const top = () => stack.at(-1) as Pickled;
  const toMark = () => stack.splice(stack.lastIndexOf(mark)).slice(1) as Pickled[];
  const bytesOrText = (value: Buffer) => (value.length <= longest ? value.toString("latin1") : value);
  const setItems = (items: Pickled[]) => {
    const map = top() as Map<Pickled, Pickled>;
    for (let i = 0; i < items.length; i += 2) map.set(items[i]!, items[i + 1]!);
  };
  const call = (args: Pickled) => stack.push({ called: pop() as string, args });

  const codes: Record<string, () => unknown> = {
    "\x80": () => at++, // protocol
    "\x95": () => (at += 8), // frame
    "(": () => stack.push(mark),
    "}": () => stack.push(new Map()),
    "]": () => stack.push([]),
    ")": () => stack.push([]),
    N: () => stack.push(null),
    "\x88": () => stack.push(true),
    "\x89": () => stack.push(false),
    K: () => stack.push(byte()),
    M: () => stack.push(bytes.readUInt16LE((at += 2) - 2)),
    J: () => stack.push(int32()),
    U: () => stack.push(bytesOrText(take(byte()))),
    T: () => stack.push(bytesOrText(take(int32()))),
    C: () => stack.push(bytesOrText(take(byte()))),
    B: () => stack.push(bytesOrText(take(int32()))),
    X: () => stack.push(take(int32()).toString("utf8")),
    "\x8c": () => stack.push(take(byte()).toString("utf8")),
    q: () => (memo[byte()] = top()),
    r: () => (memo[int32()] = top()),
    "\x94": () => memo.push(top()),
    h: () => stack.push(memo[byte()]!),
    j: () => stack.push(memo[int32()]!),
    a: () => {
      const value = pop();
      (top() as Pickled[]).push(value);
    },
    e: () => {
      const items = toMark();
      for (const item of items) (top() as Pickled[]).push(item);
    },
    s: () => setItems(stack.splice(-2) as Pickled[]),
    u: () => setItems(toMark()),
    t: () => stack.push(toMark()),
    "\x85": () => stack.push(stack.splice(-1) as Pickled[]),
    "\x86": () => stack.push(stack.splice(-2) as Pickled[]),
    "\x87": () => stack.push(stack.splice(-3) as Pickled[]),
    c: () => stack.push(`${line()}.${line()}`),
    "\x93": () => stack.push((stack.splice(-2) as string[]).join(".")),
    R: () => call(pop()),
    b: () => {
      const state = pop();
      (top() as PickledCall).state = state;
    },
  };
  for (;;) {
    const code = String.fromCharCode(byte());
    if (code === ".") return pop();
    const run = codes[code];
    if (run === undefined || at > bytes.length) {
      const found = at > bytes.length ? "its end" : `code ${JSON.stringify(code)} at ${at - 1}`;
      throw new InputError({ who, expected: "a pickle of plain data", found });
    }
    run();
  }
}
