import { inspect, type InspectOptions } from "node:util";

/** What Node 20 and 22 keep on every promise while asynchronous contexts are tracked. */
const bookkeeping = new Set(["async_id_symbol", "trigger_async_id_symbol", "kResourceStore"]);

/** Keeps Node's bookkeeping out of the text of promises, in results and in what `console.log` prints. */
export function tidyPromiseInspection(): void {
  Reflect.defineProperty(Promise.prototype, inspect.custom, {
    configurable: true,
    writable: true,
    value(
      this: Promise<unknown>,
      depth: number,
      options: InspectOptions,
      inspectAgain: typeof inspect,
    ): string {
      for (const symbol of Object.getOwnPropertySymbols(this)) {
        if (bookkeeping.has(symbol.description ?? ""))
          Reflect.defineProperty(this, symbol, { enumerable: false });
      }
      // Without this the second inspection would end here again.
      Reflect.defineProperty(this, inspect.custom, { value: undefined, configurable: true });
      return inspectAgain(this, { ...options, depth });
    },
  });
}
