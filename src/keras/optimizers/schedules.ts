import { InputError } from "../../errors.ts";
import type { Described } from "../files/config.ts";

/**
 * A learning rate for each step: a function of the number of batches trained so far. `keras` says which class of Keras it
 * is, with its settings; a function of the user's own has none.
 */
export interface LearningRateSchedule {
  (step: number): number;
  readonly keras?: Described;
}

/** Settings that all schedules which begin with a rate share. */
interface Decay {
  /** The rate of the first step. */
  initialLearningRate: number;
  /** Steps in which the rate falls by what the schedule says; above 0. */
  decaySteps: number;
}

/** Options of {@link exponentialDecay} and {@link inverseTimeDecay}. */
export interface RateDecayOptions extends Decay {
  decayRate: number;
  /** Whether the rate falls in steps of `decaySteps` instead of at each step. Default false. */
  staircase?: boolean;
}

/** Options of {@link cosineDecay}. */
export interface CosineDecayOptions extends Decay {
  /** The rate at the end, as a part of the rate at the top. Default 0. */
  alpha?: number;
  /** The rate to rise to before it falls. Default: none, it falls from the first step. */
  warmupTarget?: number;
  /** Steps of the rise. Default 0. */
  warmupSteps?: number;
}

/** Options of {@link cosineDecayRestarts}. */
export interface CosineDecayRestartsOptions {
  initialLearningRate: number;
  /** Steps of the first fall. */
  firstDecaySteps: number;
  /** How much longer each fall is than the one before. Default 2. */
  tMul?: number;
  /** How high each fall begins, as a part of the one before. Default 1. */
  mMul?: number;
  /** The rate at the end of a fall, as a part of `initialLearningRate`. Default 0. */
  alpha?: number;
}

/** Options of {@link polynomialDecay}. */
export interface PolynomialDecayOptions extends Decay {
  /** Default 0.0001. */
  endLearningRate?: number;
  /** Default 1: a straight line. */
  power?: number;
  /** Whether it begins again after `decaySteps`, each time over a longer way. Default false. */
  cycle?: boolean;
}

/** Options of {@link piecewiseConstantDecay}. */
export interface PiecewiseConstantDecayOptions {
  /** The last step of each value but the last, rising. */
  boundaries: readonly number[];
  /** The rates, one more than boundaries. */
  values: readonly number[];
}

function schedule(className: string, config: object, rate: (step: number) => number): LearningRateSchedule {
  const described: Described = { class_name: className, config: {} };
  for (const [name, value] of Object.entries(config)) {
    described.config[name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)] = value;
  }
  return Object.assign(rate, { keras: described });
}

function checkSteps(who: string, name: string, steps: number): void {
  if (!(steps > 0)) throw new InputError({ who, expected: `${name} above 0`, found: String(steps) });
}

/** `initialLearningRate · decayRate ^ (step / decaySteps)`. */
export function exponentialDecay(options: RateDecayOptions): LearningRateSchedule {
  const { initialLearningRate, decaySteps, decayRate, staircase = false } = options;
  checkSteps("exponentialDecay", "decaySteps", decaySteps);
  const config = { initialLearningRate, decaySteps, decayRate, staircase };
  return schedule("ExponentialDecay", config, (step) => {
    const part = step / decaySteps;
    return initialLearningRate * decayRate ** (staircase ? Math.floor(part) : part);
  });
}

/** `initialLearningRate / (1 + decayRate · step / decaySteps)`. */
export function inverseTimeDecay(options: RateDecayOptions): LearningRateSchedule {
  const { initialLearningRate, decaySteps, decayRate, staircase = false } = options;
  checkSteps("inverseTimeDecay", "decaySteps", decaySteps);
  const config = { initialLearningRate, decaySteps, decayRate, staircase };
  return schedule("InverseTimeDecay", config, (step) => {
    const part = step / decaySteps;
    return initialLearningRate / (1 + decayRate * (staircase ? Math.floor(part) : part));
  });
}

/** Falls to `endLearningRate` in `decaySteps`, along `(1 - step / decaySteps) ^ power`. */
export function polynomialDecay(options: PolynomialDecayOptions): LearningRateSchedule {
  const { initialLearningRate, decaySteps, endLearningRate = 0.0001, power = 1, cycle = false } = options;
  checkSteps("polynomialDecay", "decaySteps", decaySteps);
  const config = { initialLearningRate, decaySteps, endLearningRate, power, cycle };
  return schedule("PolynomialDecay", config, (step) => {
    const length = cycle ? decaySteps * Math.max(1, Math.ceil(step / decaySteps)) : decaySteps;
    const left = 1 - Math.min(step, length) / length;
    return (initialLearningRate - endLearningRate) * left ** power + endLearningRate;
  });
}

/** Half a cosine from the top to `alpha` of it, after a straight rise to `warmupTarget` where one is asked for (Loshchilov and Hutter 2016). */
export function cosineDecay(options: CosineDecayOptions): LearningRateSchedule {
  const { initialLearningRate, decaySteps, alpha = 0, warmupTarget, warmupSteps = 0 } = options;
  checkSteps("cosineDecay", "decaySteps", decaySteps);
  const config = { initialLearningRate, decaySteps, alpha, warmupTarget: warmupTarget ?? null, warmupSteps };
  const rise = warmupTarget === undefined ? 0 : warmupSteps;
  const top = warmupTarget ?? initialLearningRate;
  return schedule("CosineDecay", config, (step) => {
    if (step < rise) return initialLearningRate + ((top - initialLearningRate) * step) / rise;
    const part = Math.min(step - rise, decaySteps) / decaySteps;
    return top * (((1 - alpha) * (1 + Math.cos(Math.PI * part))) / 2 + alpha);
  });
}

/** Half cosines one after the other, each longer and lower by `tMul` and `mMul` (Loshchilov and Hutter 2016). */
export function cosineDecayRestarts(options: CosineDecayRestartsOptions): LearningRateSchedule {
  const { initialLearningRate, firstDecaySteps, tMul = 2, mMul = 1, alpha = 0 } = options;
  checkSteps("cosineDecayRestarts", "firstDecaySteps", firstDecaySteps);
  const config = { initialLearningRate, firstDecaySteps, tMul, mMul, alpha };
  return schedule("CosineDecayRestarts", config, (step) => {
    let [length, round, left] = [firstDecaySteps, 0, step];
    for (; left >= length; round++) [left, length] = [left - length, length * tMul];
    const cosine = (mMul ** round * (1 + Math.cos((Math.PI * left) / length))) / 2;
    return initialLearningRate * ((1 - alpha) * cosine + alpha);
  });
}

/** `values[0]` up to and including step `boundaries[0]`, then `values[1]`, and so on. */
export function piecewiseConstantDecay(options: PiecewiseConstantDecayOptions): LearningRateSchedule {
  const { boundaries, values } = options;
  if (values.length !== boundaries.length + 1) {
    const expected = `${boundaries.length + 1} values for ${boundaries.length} boundaries`;
    throw new InputError({ who: "piecewiseConstantDecay", expected, found: String(values.length) });
  }
  return schedule("PiecewiseConstantDecay", { boundaries, values }, (step) => {
    const place = boundaries.findIndex((boundary) => step <= boundary);
    return values.at(place)!;
  });
}
