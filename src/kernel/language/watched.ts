import { isInterruption } from "./interruption.ts";
import type { Watch } from "./watch.ts";

/** A function that does the same where the stop button reaches it; other values come back as they are. */
export function watched(callback: unknown, watch: Watch): unknown {
  if (typeof callback !== "function") return callback;
  const watching = function (this: unknown, ...args: unknown[]): unknown {
    try {
      return watch(() => Reflect.apply(callback, this, args) as unknown);
    } catch (error) {
      // An interval that was stopped would come again at once. Other things than timers are left alone by this.
      if (isInterruption(error)) clearInterval(this as NodeJS.Timeout);
      throw error;
    }
  };
  for (const name of ["name", "length"])
    Reflect.defineProperty(watching, name, Object.getOwnPropertyDescriptor(callback, name) ?? {});
  return watching;
}
