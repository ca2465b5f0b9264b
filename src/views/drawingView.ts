import { drawingToPng, drawingToSvg, type Drawing } from "../render/drawing.ts";
import { createView, type View, type ViewParts } from "./view.ts";

/** What a view of a drawing is made of. */
export interface DrawingViewParts<Data> extends Pick<ViewParts<Data>, "data" | "text" | "alt"> {
  /** Called when it is first wanted, and once. */
  draw: () => Drawing;
}

/** Makes a {@link View} of a drawing, as PNG and as SVG. */
export function createDrawingView<Data>({ draw, ...parts }: DrawingViewParts<Data>): View<Data> {
  let drawn: Drawing | undefined;
  const once = (): Drawing => (drawn ??= draw());
  return createView({
    ...parts,
    png: () => drawingToPng(once()),
    svg: () => Promise.resolve(drawingToSvg(once())),
  });
}
