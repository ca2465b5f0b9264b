import type { Kernel } from "./kernel.ts";
import type { KernelName } from "./kernels.ts";

/** One behaviour, said of any kernel. */
export interface Case {
  name: string;
  /** Kernels that it means something for. Default: all, as long as there is code for them. */
  appliesTo?: readonly KernelName[];
  /** It ends or spoils its kernel, which is not used again. Default false. */
  spoils?: boolean;
  /** Throws when the kernel does not behave so; NotApplicable when it means nothing for that kernel. */
  run: (kernel: Kernel) => Promise<void>;
}

/** Cases that share a kernel. */
export interface Topic {
  name: string;
  cases: Case[];
}

export const topic = (name: string, cases: Case[]): Topic => ({ name, cases });

/** Some of the cases of a topic. */
export const cases = (some: Case[]): Case[] => some;

/** Thrown by a case that means nothing for a kernel: types in Python, another kernel's own library. */
export class NotApplicable extends Error {}
