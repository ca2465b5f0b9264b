import { attribute, cName, eagerSetters, setAttribute } from "./attributes.ts";
import { dataTypes } from "./dataTypes.ts";
import { currentRuntime, type Runtime } from "./runtime.ts";
import { describeHandle, newHandle } from "./tensorData.ts";

/** Pixels of a JPEG picture: rows from the top, channels beside one another. */
export interface JpegPixels {
  data: Uint8Array;
  height: number;
  width: number;
  channels: number;
}

async function decode({ context }: Runtime, bytes: Uint8Array): Promise<JpegPixels> {
  const { c, pointer, check } = context;
  const operation = "DecodeJpeg";
  // Its own, because it runs on another thread while others are used here.
  const status = c.TF_NewStatus();
  const input = newHandle(context, [], dataTypes.string, [bytes]);
  const op = c.TFE_NewOp(pointer, cName(operation), status)!;
  const outputs = new BigUint64Array(1);
  const count = new Int32Array([1]);
  try {
    c.TFE_OpAddInput(op, input, status);
    check(operation, status);
    setAttribute(eagerSetters(context), op, attribute.text("dct_method", "INTEGER_ACCURATE"));
    await new Promise<void>((resolve, reject) =>
      c.TFE_Execute.async(op, outputs, count, status, (error) =>
        error ? reject(error) : resolve(),
      ),
    );
    check(operation, status);
    const { shape } = describeHandle(context, outputs[0]!);
    const [height, width, channels] = shape as [number, number, number];
    const tensor = c.TFE_TensorHandleResolve(outputs[0]!, status);
    check(operation, status);
    const data = new Uint8Array(height * width * channels);
    c.memcpy(data, c.TF_TensorData(tensor!), data.length);
    c.TF_DeleteTensor(tensor!);
    return { data, height, width, channels };
  } finally {
    if (count[0] === 1 && outputs[0] !== 0n) c.TFE_DeleteTensorHandle(outputs[0]!);
    c.TFE_DeleteOp(op);
    c.TFE_DeleteTensorHandle(input);
    c.TF_DeleteStatus(status);
  }
}

/**
 * TensorFlow's decoder of JPEG, where TensorFlow is what runs the tensors: libjpeg-turbo, as in Pillow and so with Keras' very numbers, on
 * another thread. It throws TensorFlow's error for what it cannot decode.
 */
export function jpegDecoder(): ((bytes: Uint8Array) => Promise<JpegPixels>) | undefined {
  const runtime = currentRuntime();
  return runtime && ((bytes) => decode(runtime, bytes));
}
