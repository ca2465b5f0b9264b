/**
 * `Deno.jupyter`, so that notebooks written for Deno's kernel show what they show there.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { InputError } from "../../errors.ts";
import { chain } from "../chain.ts";
import { currentHost } from "../host.ts";
import { imageToData, imageType } from "../kinds/imageBytes.ts";
import { displaySymbol, type Displayable, type MimeData } from "../mimeBundle.ts";
import { quietly } from "../quietly.ts";
import { toBundle } from "../toBundle.ts";
import { broadcast } from "./denoBroadcast.ts";

interface DisplayOptions {
  /** Takes the object as the representations by MIME type. Default false. */
  raw?: boolean;
  /** Replaces what was shown under `display_id`. Default false. */
  update?: boolean;
  display_id?: string;
}

type Tag = (strings: TemplateStringsArray, ...values: unknown[]) => Displayable;

async function format(value: unknown): Promise<MimeData> {
  return (await toBundle(value)).data;
}

function display(value: unknown, options: DisplayOptions = {}): Promise<void> {
  return quietly(show(value, options));
}

async function show(
  value: unknown,
  { raw = false, update = false, display_id: displayId }: DisplayOptions,
): Promise<void> {
  const options = { ...(displayId !== undefined && { displayId }), update };
  await chain(toBundle(raw ? displayable(value as MimeData) : value), (bundle) =>
    currentHost().display(bundle, options),
  );
}

/** Shows a PNG or JPEG, given by its path or its bytes. */
function image(source: string | Uint8Array): Displayable {
  const bytes = typeof source === "string" ? readFileSync(source) : source;
  const type = imageType(bytes);
  if (type === undefined) {
    const found = typeof source === "string" ? source : `${bytes.length} other bytes`;
    throw new InputError({ who: "Deno.jupyter.image", expected: "a PNG or JPEG", found });
  }
  return displayable(imageToData(bytes));
}

/** As in Deno, values are filled in as they are, unlike in our own `html`. */
function tag(type: string): Tag {
  return (strings, ...values) => {
    const markup = String.raw({ raw: strings }, ...values.map((value) => value ?? ""));
    return displayable({ [type]: markup, "text/plain": markup });
  };
}

function displayable(data: MimeData): Displayable {
  return { [displaySymbol]: () => data };
}

/** What cells see as `Deno`. Not on the global object: packages ask for it there to know whether Deno runs them. */
export const denoShim = {
  jupyter: {
    display,
    broadcast,
    format,
    md: tag("text/markdown"),
    html: tag("text/html"),
    svg: tag("image/svg+xml"),
    image,
    $display: displaySymbol,
  },
};
