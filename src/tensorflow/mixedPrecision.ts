import { existsSync, readFileSync } from "node:fs";
import { InputError } from "../errors.ts";
import { backend } from "./backend.ts";
import { functionConfig } from "./configProto.ts";
import type { ComputeType } from "./configProto.ts";
import { findNvidia } from "./devices/nvidia.ts";
import { say } from "./say.ts";

const policies = ["float32", "mixed_float16", "mixed_bfloat16"] as const;

/** Keras' names for the types of variables and of the arithmetic between them. Variables are float32 in all three. */
export type DtypePolicy = (typeof policies)[number];

/** What came of a policy. */
export interface Precision {
  policy: DtypePolicy;
  /** The type that multiplications are done in: that of the policy where the device gains by it, else float32. */
  compute: ComputeType;
  /** Why. */
  reason: string;
}

/** What decides whether a device gains by a smaller type. */
export interface Units {
  /** The backend: only TensorFlow has other types than float32. */
  backend: string;
  isGpu: boolean;
  /** Of the GPU, such as 9.0. */
  computeCapability: number;
  /** What the processor can do, as Linux names it: "avx512_bf16". */
  cpuFlags: ReadonlySet<string>;
}

let precision: Precision = { policy: "float32", compute: "float32", reason: "the default" };

/**
 * Sets the policy of all training and prediction that follows, as Keras' `set_dtype_policy` does. Multiplications and convolutions of
 * compiled steps are then done in the smaller type, about twice as fast where the device has units for it; variables, sums and losses stay
 * float32. Where the device has no such units, all stays float32, and a line on stderr says so.
 *
 * @returns what came of it
 * @throws InputError when there is no such policy
 *
 * ```ts
 * setDtypePolicy("mixed_bfloat16").compute; // "bfloat16" on a CPU with AVX512-BF16, "float32" on one without
 * ```
 */
export function setDtypePolicy(policy: DtypePolicy): Precision {
  if (!policies.includes(policy)) {
    throw new InputError({
      who: "setDtypePolicy",
      expected: policies.join(", "),
      found: JSON.stringify(policy),
    });
  }
  precision = choosePrecision(policy, unitsHere());
  if (policy !== "float32" && precision.compute === "float32") {
    say(`${policy}: stays float32: ${precision.reason}`);
  }
  return precision;
}

/** The policy that holds now, and what came of it. */
export function dtypePolicy(): Precision {
  return precision;
}

const float32Config = functionConfig("float32", false);

/** The attribute `config_proto` for calls of compiled functions under the policy that holds now. */
export function precisionConfig(): Uint8Array {
  if (precision.compute === "float32") return float32Config;
  return functionConfig(precision.compute, backend().device.startsWith("GPU"));
}

/** What a policy comes to on a device. */
export function choosePrecision(policy: DtypePolicy, units: Units): Precision {
  const stay = (reason: string): Precision => ({ policy, compute: "float32", reason });
  if (policy === "float32") return stay("as asked");
  if (units.backend !== "tensorflow") return stay(`the backend ${units.backend} has float32 alone`);
  return units.isGpu ? onGpu(policy, units) : onCpu(policy, units);
}

/** TensorFlow's rewriter knows float16 on GPUs, and their tensor cores begin with compute capability 7. */
function onGpu(policy: DtypePolicy, { computeCapability }: Units): Precision {
  const stay = (reason: string): Precision => ({ policy, compute: "float32", reason });
  if (policy === "mixed_bfloat16") return stay('on a GPU take "mixed_float16"');
  const found = `the GPU has compute capability ${computeCapability.toFixed(1)}`;
  if (computeCapability < 7) return stay(`${found}, units for float16 begin with 7.0`);
  return { policy, compute: "float16", reason: found };
}

/** oneDNN gains by bfloat16 where the processor multiplies it; float16 was slower than float32 on the processors that were tried. */
function onCpu(policy: DtypePolicy, { cpuFlags }: Units): Precision {
  const stay = (reason: string): Precision => ({ policy, compute: "float32", reason });
  const unit = ["amx_bf16", "avx512_bf16", "bf16"].find((flag) => cpuFlags.has(flag));
  if (unit === undefined) return stay("the processor has no units for smaller types");
  if (policy === "mixed_float16") return stay('on this processor take "mixed_bfloat16"');
  return { policy, compute: "bfloat16", reason: `the processor has ${unit}` };
}

function unitsHere(): Units {
  const { name, device } = backend();
  const isGpu = device.startsWith("GPU");
  return {
    backend: name,
    isGpu,
    computeCapability: isGpu ? (findNvidia()?.computeCapability ?? 0) : 0,
    cpuFlags: cpuFlags(existsSync(cpuInfo) ? readFileSync(cpuInfo, "utf8") : ""),
  };
}

const cpuInfo = "/proc/cpuinfo";

/** The flags of the first processor: Linux calls them "flags" on x86 and "Features" on ARM. */
export function cpuFlags(text: string): Set<string> {
  const line = /^(?:flags|Features)\s*:(.*)$/m.exec(text)?.[1] ?? "";
  return new Set(line.trim().split(/\s+/));
}
