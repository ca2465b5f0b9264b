import * as tf from "@tensorflow/tfjs";
import type { Tensor } from "@tensorflow/tfjs";
import { collectUnderPressure } from "./collectUnderPressure.ts";
import { engineParts, isFirst } from "./engineParts.ts";

/** What the engine needs to know of a tensor that is gone to dispose it. */
type Remains = Pick<Tensor, "dataId" | "dtype" | "size">;

/**
 * Frees tensors that nobody holds any more when their JavaScript object is collected, as Python does; TensorFlow.js itself loses their
 * memory for good (tensorflow/tfjs#4832). `dispose` and `tidy` stay the way to free them at once.
 *
 * A tensor whose data others share (a reshaped one, a clone) only gives back its share. Variables, and what `tf.keep` keeps, end with
 * `dispose` alone. The collector's reports come between two tasks of the event loop, so never inside a `tidy`, a gradient or a kernel.
 * `CONVOSCOPE_COLLECT=off` leaves it off, for those who count tensors to find their own leaks.
 */
export function freeCollectedTensors(): void {
  if (process.env.CONVOSCOPE_COLLECT === "off" || !isFirst("freeCollectedTensors")) return;
  const engine = engineParts();
  const trackTensor = engine.trackTensor.bind(engine);
  const disposeTensor = engine.disposeTensor.bind(engine);
  const keep = engine.keep.bind(engine);
  const read = engine.read.bind(engine);
  const reads = new Map<object, Promise<unknown>>();

  const registry = new FinalizationRegistry<Remains>((remains) => {
    const reading = reads.get(remains.dataId);
    if (reading === undefined) disposeTensor(remains);
    else {
      void reading.then(() => {
        disposeTensor(remains);
      });
    }
  });

  engine.trackTensor = (tensor, backend) => {
    trackTensor(tensor, backend);
    if (tensor instanceof tf.Variable) return;
    const { dataId, dtype, size } = tensor;
    registry.register(tensor, { dataId, dtype, size }, tensor);
    collectUnderPressure(engine.state);
  };
  engine.disposeTensor = (tensor) => {
    registry.unregister(tensor);
    disposeTensor(tensor);
  };
  engine.keep = (tensor) => {
    registry.unregister(tensor);
    return keep(tensor);
  };
  // A backend that reads asynchronously needs the data until it has them, and `data()` does not hold its tensor that long.
  engine.read = (dataId) => {
    const reading = read(dataId);
    const settle = (): void => {
      if (reads.get(dataId) === settled) reads.delete(dataId);
    };
    const settled = reading.then(settle, settle);
    reads.set(dataId, settled);
    return reading;
  };
}
