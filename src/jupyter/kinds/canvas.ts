import type { MimeData } from "../mimeBundle.ts";
import { imageToData } from "./imageBytes.ts";
import { hasMethod, type Kind } from "./kind.ts";

interface Canvas {
  readonly width: number;
  readonly height: number;
}

/** Canvases of the browser, of `canvas`, `@napi-rs/canvas` and `skia-canvas`, offscreen or not: the picture on them. */
export const canvas: Kind<Canvas> = {
  is: (value): value is Canvas =>
    hasMethod(value, "getContext") &&
    "width" in value &&
    typeof value.width === "number" &&
    "height" in value &&
    typeof value.height === "number",
  async render(value) {
    const text = `${value.constructor.name} ${value.width} × ${value.height}`;
    return { ...(await toImage(value)), "text/plain": text };
  },
};

async function toImage(value: object): Promise<MimeData> {
  if (hasMethod(value, "toDataURL")) return dataUrlToData(String(await value.toDataURL("image/png")));
  if (hasMethod(value, "toBuffer")) return imageToData((await value.toBuffer("image/png")) as Uint8Array);
  if (hasMethod(value, "convertToBlob")) {
    const blob = (await value.convertToBlob()) as Blob;
    return imageToData(new Uint8Array(await blob.arrayBuffer()));
  }
  return {};
}

function dataUrlToData(url: string): MimeData {
  const [, type, content] = /^data:([\w/+.-]+);base64,(.+)$/.exec(url) ?? [];
  return type === undefined ? {} : { [type]: content };
}
