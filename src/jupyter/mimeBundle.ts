/** The method by which a value shows itself in a notebook, as in Deno's kernel: returns {@link MimeData}, or undefined to be shown as any other. */
export const displaySymbol: unique symbol = Symbol.for("Jupyter.display") as never;

/** Where {@link MimeData} may carry its metadata; hosts that do not know it (Deno) show the data alone. */
export const metadataSymbol: unique symbol = Symbol.for("Jupyter.metadata") as never;

/** Representations of one value, by MIME type: what Jupyter calls `data` of a display. Text as string, images as base64, JSON as objects. */
export interface MimeData {
  [type: string]: unknown;
  [metadataSymbol]?: Record<string, unknown>;
}

/** A display as it goes over the wire: the representations and what is said about them (`{"image/png": {width, alt}}`). */
export interface MimeBundle {
  data: MimeData;
  metadata: Record<string, unknown>;
}

/** A value that knows how to show itself. */
export interface Displayable {
  [displaySymbol](): MimeData | undefined | Promise<MimeData | undefined>;
}

/** Whether a value has the method of {@link displaySymbol}. */
export function isDisplayable(value: unknown): value is Displayable {
  if ((typeof value !== "object" || value === null) && typeof value !== "function") return false;
  try {
    // Asked with `in` first: there are proxies that answer every property with a function.
    return displaySymbol in value && typeof value[displaySymbol] === "function";
  } catch {
    return false;
  }
}
