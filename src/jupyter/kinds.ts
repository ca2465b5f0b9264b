import { canvas } from "./kinds/canvas.ts";
import { dataFrame } from "./kinds/dataFrame.ts";
import { element } from "./kinds/element.ts";
import { functions } from "./kinds/functions.ts";
import { imageBytes } from "./kinds/imageBytes.ts";
import { imageData } from "./kinds/imageData.ts";
import type { Kind } from "./kinds/kind.ts";
import { layersModel } from "./kinds/layersModel.ts";
import { records } from "./kinds/records.ts";
import { tensor, tensors } from "./kinds/tensor.ts";
import { typedArray } from "./kinds/typedArray.ts";
import { vega } from "./kinds/vega.ts";
import { withHtml } from "./kinds/withHtml.ts";

/** What is shown better than as text, in the order in which it is asked. */
export const kinds: readonly Kind[] = [
  imageBytes,
  typedArray,
  records,
  tensor,
  tensors,
  layersModel,
  canvas,
  imageData,
  vega,
  withHtml,
  dataFrame,
  element,
  functions,
];
