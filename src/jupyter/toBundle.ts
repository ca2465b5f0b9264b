import { InputError } from "../errors.ts";
import { chain, isPromiseLike, type Eventual } from "./chain.ts";
import { kinds } from "./kinds.ts";
import type { Kind } from "./kinds/kind.ts";
import {
  isDisplayable,
  displaySymbol,
  metadataSymbol,
  type MimeBundle,
  type MimeData,
} from "./mimeBundle.ts";
import { hasOwnText, plainText } from "./plainText.ts";

/**
 * How a value is shown: by its own method of {@link displaySymbol}, which may decline with undefined; else by the first of the kinds in `kinds.ts` that it is of; else
 * as text. Text is in every bundle but the empty one, of a value whose method gives no representations: it is not shown. What can be
 * shown at once is no promise, so that it keeps its place among what is printed.
 *
 * @throws whatever the value's own method throws: a value that promises to show itself and cannot is an error of the cell.
 *   A kind that throws does not matter, the value is shown as text.
 */
export function toBundle(value: unknown): Eventual<MimeBundle> {
  if (!isDisplayable(value)) return bundleOfKind(value);
  return chain<unknown, MimeBundle>(value[displaySymbol](), (own) =>
    own === undefined || own === null ? bundleOfKind(value) : ownBundle(own, value),
  );
}

function bundleOfKind(value: unknown): Eventual<MimeBundle> {
  if (!isObject(value)) return { data: { "text/plain": plainText(value) }, metadata: {} };
  return chain(kindData(value, kinds), ({ [metadataSymbol]: metadata = {}, ...data }) => {
    const text = hasOwnText(value) ? plainText(value) : (data["text/plain"] ?? plainText(value));
    return { data: { ...data, "text/plain": text }, metadata };
  });
}

/** A getter of it throws, it is no real one of its kind, it cannot be drawn: another kind may do, text always does. */
function kindData(value: object, [kind, ...others]: readonly Kind[]): Eventual<MimeData> {
  if (kind === undefined) return {};
  try {
    if (!kind.is(value)) return kindData(value, others);
    const data = kind.render(value);
    return isPromiseLike(data) ? data.catch(() => kindData(value, others)) : data;
  } catch {
    return kindData(value, others);
  }
}

function ownBundle(representations: unknown, value: object): MimeBundle {
  if (!isObject(representations)) {
    throw new InputError({
      who: 'Symbol.for("Jupyter.display")',
      expected: 'an object of representations by MIME type, { "text/html": "…" }',
      found: String(representations),
    });
  }
  const { [metadataSymbol]: metadata = {}, ...own } = representations as MimeData;
  const data = Object.fromEntries(Object.entries(own).map(([type, content]) => [type, onWire(content)]));
  // A value that has been shown already shows nothing more.
  if (Object.keys(data).length === 0) return { data, metadata };
  // Front ends without any of the other representations fall back to text, and some require it.
  if ("text/plain" in data) return { data, metadata };
  return { data: { ...data, "text/plain": `[${value.constructor?.name ?? "object"}]` }, metadata };
}

/** Bytes travel as base64. */
function onWire(content: unknown): unknown {
  return content instanceof Uint8Array ? Buffer.from(content).toString("base64") : content;
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}
