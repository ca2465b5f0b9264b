/** Gives numbers to things of C, which JavaScript code cannot hold safely. */
export interface Table<Thing> {
  add: (thing: Thing) => number;
  get: (id: number) => Thing;
  remove: (id: number) => Thing;
  size: () => number;
}

/** An empty table; `kind` is what its errors call the things. */
export function newTable<Thing>(kind: string): Table<Thing> {
  const things = new Map<number, Thing>();
  let next = 0;
  const get = (id: number): Thing => {
    const thing = things.get(id);
    if (thing === undefined) throw new Error(`${kind} ${String(id)} is not held, or was deleted`);
    return thing;
  };
  return {
    add: (thing) => {
      things.set(next, thing);
      return next++;
    },
    get,
    remove: (id) => {
      const thing = get(id);
      things.delete(id);
      return thing;
    },
    size: () => things.size,
  };
}
