import { InputError } from "../../errors.ts";
import type { tf } from "../../tensorflow/tf.ts";
import { checkCount } from "../training/checkCount.ts";
import { checkKnown } from "../training/checkKnown.ts";

/** Height, width and channels; `null` where any size will do. */
export type PictureShape = readonly [number | null, number | null, number];

/** Options that all applications have; the names are Keras'. */
export interface ApplicationOptions {
  /**
   * `"imagenet"` (default): the published weights, downloaded once into Keras' own cache; `null`: random ones;
   * else the path of an `.h5` or `.weights.h5` file.
   */
  weights?: "imagenet" | (string & {}) | null;
  /** Whether the classifier at the end belongs to it. Default true. */
  includeTop?: boolean;
  /** What `tf.input` gave, to put the network on; its shape counts then. Default: a new input. */
  inputTensor?: tf.SymbolicTensor;
  /** `[height, width, channels]`. Default: the published size with the top, any size without. */
  inputShape?: PictureShape;
  /** Without the top: `"avg"` or `"max"` over each channel's map, so that the output is flat. Default `null`: the maps. */
  pooling?: "avg" | "max" | null;
  /** How many classes the top tells apart. Default 1000. */
  classes?: number;
  /** The activation of the top; `null` leaves its sums as they are. Default `"softmax"`. */
  classifierActivation?: "softmax" | "sigmoid" | "linear" | null;
  /** The model's name. Default: Keras'. */
  name?: string;
  /** Stops a download. Default: the notebook's stop button. */
  signal?: AbortSignal;
}

const known = [
  ...[
    "weights",
    "includeTop",
    "inputTensor",
    "inputShape",
    "pooling",
    "classes",
    "classifierActivation",
    "name",
  ],
  "signal",
];

/** Options as the builders want them: nothing left open. */
export interface NetworkPlan {
  weights: string | null;
  includeTop: boolean;
  inputTensor: tf.SymbolicTensor | undefined;
  inputShape: PictureShape;
  pooling: "avg" | "max" | null;
  classes: number;
  classifierActivation: "softmax" | "sigmoid" | "linear" | null;
}

const show = (shape: unknown) => JSON.stringify(shape);

/** The shape that the network gets, by Keras' rules; `found` are the complaints of Keras in our words. */
function chooseShape(
  { weights, includeTop }: { weights: string | null; includeTop: boolean },
  given: PictureShape | undefined,
  { size, least, who }: { size: number; least: number; who: string },
): PictureShape {
  if (given === undefined) return includeTop ? [size, size, 3] : [null, null, 3];
  const whole = (value: unknown) => Number.isInteger(value) && (value as number) > 0;
  const isShape =
    given.length === 3 && whole(given[2]) && given.slice(0, 2).every((n) => n === null || whole(n));
  if (!isShape) {
    throw new InputError({ who, expected: "inputShape [height, width, channels]", found: show(given) });
  }
  const [height, width, channels] = given;
  if (weights === "imagenet" && includeTop && show(given) !== show([size, size, 3])) {
    const expected = `inputShape ${show([size, size, 3])} with includeTop and the weights "imagenet"`;
    const fix = "use includeTop: false for another size, or resize the pictures";
    throw new InputError({ who, expected, found: show(given), fix });
  }
  if (weights === "imagenet" && channels !== 3) {
    const expected = 'three channels for the weights "imagenet"';
    throw new InputError({ who, expected, found: show(given) });
  }
  if ([height, width].some((n) => n !== null && n < least)) {
    throw new InputError({ who, expected: `pictures of at least ${least}x${least}`, found: show(given) });
  }
  if (includeTop && (height === null || width === null)) {
    throw new InputError({ who, expected: "a fixed inputShape with includeTop", found: show(given) });
  }
  return given;
}

/**
 * Completes and checks the options of an application by Keras' rules.
 *
 * @param options what the user gave
 * @param network `size`: the side of the pictures that the published weights were trained on; `least`: the smallest side
 *   that leaves something at the end; `own`: options that only this network has
 * @throws InputError for what does not go together
 */
export function planNetwork(
  options: ApplicationOptions,
  { size, least, who, own = [] }: { size: number; least: number; who: string; own?: readonly string[] },
): NetworkPlan {
  checkKnown(who, options, [...known, ...own]);
  const { weights = "imagenet", includeTop = true, inputTensor, inputShape, pooling = null } = options;
  const { classes = 1000, classifierActivation = "softmax" } = options;
  if (![null, "avg", "max"].includes(pooling)) {
    throw new InputError({ who, expected: 'pooling "avg", "max" or null', found: show(pooling) });
  }
  checkCount(who, "classes", classes);
  if (weights === "imagenet" && includeTop && classes !== 1000) {
    const fix = "use includeTop: false and a classifier of your own";
    const expected = 'classes 1000 with includeTop and the weights "imagenet"';
    throw new InputError({ who, expected, found: String(classes), fix });
  }
  if (weights !== null && includeTop && ![null, "linear", "softmax"].includes(classifierActivation)) {
    const expected = 'classifierActivation "softmax" or null with weights that were trained';
    throw new InputError({ who, expected, found: show(classifierActivation) });
  }
  const given =
    inputTensor === undefined ? inputShape : (inputTensor.shape.slice(1) as unknown as PictureShape);
  return {
    weights,
    includeTop,
    inputTensor,
    inputShape: chooseShape({ weights, includeTop }, given, { size, least, who }),
    pooling,
    classes,
    classifierActivation,
  };
}
