import { tf } from "../tensorflow/tf.ts";

/** What stands behind every model; TensorFlow.js does not export it. */
interface Container {
  layers?: { trainable: boolean }[];
  trainable_: boolean;
}

/** Whether a sequential model is putting itself together: it then sets its own flag again, which is no wish of the user's. */
let building = false;

/**
 * Lets `model.trainable = false` freeze the layers themselves, as in Keras. TensorFlow.js only marks their weights, so that layers which
 * behave differently when they are frozen (batch normalisation) would not notice.
 */
function freezeLayersWithTheirModel(): void {
  let prototype = tf.LayersModel.prototype as object;
  while (!Object.hasOwn(prototype, "trainable")) prototype = Object.getPrototypeOf(prototype) as object;
  Object.defineProperty(prototype, "trainable", {
    configurable: true,
    get(this: Container): boolean {
      return this.trainable_;
    },
    set(this: Container, trainable: boolean) {
      this.trainable_ = trainable;
      if (!building) for (const layer of this.layers ?? []) layer.trainable = trainable;
    },
  });
}

function noticeBuilding(): void {
  type Build = (this: tf.Sequential, inputShape?: tf.Shape | tf.Shape[]) => void;
  const { prototype } = tf.Sequential as unknown as { prototype: { build: Build } };
  const { build } = prototype;
  prototype.build = function (inputShape) {
    building = true;
    try {
      build.call(this, inputShape);
    } finally {
      building = false;
    }
  };
}

freezeLayersWithTheirModel();
noticeBuilding();
