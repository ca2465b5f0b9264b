import type { Pointer } from "../../tensorflow/capi.ts";
import { dataTypes } from "../../tensorflow/dataTypes.ts";
import type { Runtime } from "../../tensorflow/runtime.ts";
import { newHandle } from "../../tensorflow/tensorData.ts";
import { tf } from "../../tensorflow/tf.ts";
import { attributesOf, numberOf, powerOf, slotOf, type OptimizerUpdate } from "./optimizerUpdates.ts";
import type { Gradient } from "./record.ts";

/**
 * Updates weights at once by the operation that a compiled step has within, so that both give the same numbers. The optimizer's
 * own code differs in details: where epsilon is added, for one. Each gradient is freed when it is applied.
 */
export function applyUpdate(
  { context, handles, execute, idOf, ownIdOf }: Runtime,
  update: OptimizerUpdate,
  optimizer: tf.Optimizer,
  gradients: readonly Gradient[],
): void {
  const { operation, slots, powers = [], numbers, order } = update;
  const attributes = attributesOf(update, optimizer);
  const scalars = new Map(
    numbers.map((name) => [
      name,
      newHandle(context, [], dataTypes.float, Float32Array.of(numberOf(optimizer, name))),
    ]),
  );
  const resource = (variable: tf.Variable): Pointer => handles.resource(ownIdOf(variable));
  try {
    for (const [place, { variable, tensor }] of gradients.entries()) {
      if (tensor === null) continue;
      const inputOf = (name: string): Pointer => {
        if (name === "gradient") return handles.get(idOf(tensor));
        if (slots.includes(name)) return resource(slotOf(optimizer, name, { variable, place }));
        return scalars.get(name) ?? handles.get(idOf(powerOf(optimizer, name)));
      };
      execute(operation, attributes, [resource(variable), ...order.map(inputOf)], 0);
      tensor.dispose();
    }
  } finally {
    for (const handle of scalars.values()) context.c.TFE_DeleteTensorHandle(handle);
  }
  tf.tidy(() => {
    for (const { field, times } of powers) {
      const power = powerOf(optimizer, field);
      power.assign(tf.mul(power, numberOf(optimizer, times)));
    }
  });
}
