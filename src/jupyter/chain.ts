/** What is there at once, or later. */
export type Eventual<T> = T | Promise<T>;

/** What `next` makes of a value: at once when the value is there, and else when its promise is kept. */
export function chain<T, R>(value: T | PromiseLike<T>, next: (value: T) => Eventual<R>): Eventual<R> {
  return isPromiseLike(value) ? Promise.resolve(value).then(next) : next(value);
}

/** {@link chain} for several values. */
export function chainAll<T, R>(values: readonly Eventual<T>[], next: (values: T[]) => R): Eventual<R> {
  return values.some(isPromiseLike) ? Promise.all(values).then(next) : next(values as T[]);
}

/** Whether a value is to be waited for. */
export function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
