import { tensor1d, type TensorInfo } from "@tensorflow/tfjs";
import { attribute, type Attribute } from "../attributes.ts";
import { improveKernel, typeOf, type KernelArguments } from "./nodeKernels.ts";

/** Tells the gradients of resizing where the centres of the pixels are; tfjs-node's take them for corners always. */
export function improveResizeGradients(): void {
  improveKernel("ResizeBilinearGrad", ({ inputs: { images, dy }, attrs, backend }) =>
    backend.executeSingleOutput("ResizeBilinearGrad", attributesOf(images!, attrs), [dy!, images!]),
  );
  improveKernel("ResizeNearestNeighborGrad", ({ inputs: { images, dy }, attrs, backend }) => {
    const size = tensor1d(images!.shape.slice(1, 3), "int32");
    const inputs = [dy!, size] as TensorInfo[];
    const gradient = backend.executeSingleOutput(
      ...(["ResizeNearestNeighborGrad", attributesOf(images!, attrs), inputs] as const),
    );
    size.dispose();
    return gradient;
  });
}

function attributesOf(
  images: TensorInfo,
  { alignCorners, halfPixelCenters }: KernelArguments["attrs"],
): Attribute[] {
  return [
    attribute.type("T", typeOf(images)),
    attribute.bool("align_corners", Boolean(alignCorners)),
    attribute.bool("half_pixel_centers", Boolean(halfPixelCenters)),
  ];
}
