import { cpus, freemem, hostname, totalmem } from "node:os";

import type { JsonObject } from "./transport.ts";

interface Sample {
  /** In milliseconds. */
  time: number;
  /** Processor time of this process in milliseconds. */
  process: number;
  /** Ticks of all processors, and those of them that were busy. */
  total: number;
  busy: number;
}

/** Makes the function that answers `usage_request`. Percentages are those since it was called last, or made. */
export function usageMeter(): () => JsonObject {
  let last = sample();
  return () => {
    const now = sample();
    const { kernelCpu, hostCpu } = percentages(last, now);
    last = now;
    const [total, available] = [totalmem(), freemem()];
    return {
      status: "ok",
      hostname: hostname(),
      pid: process.pid,
      kernel_cpu: kernelCpu,
      kernel_memory: process.memoryUsage.rss(),
      cpu_count: cpus().length,
      host_cpu_percent: hostCpu,
      host_virtual_memory: {
        total,
        available,
        percent: round((100 * (total - available)) / total),
        used: total - available,
        free: available,
      },
    };
  };
}

/** Of one processor for the kernel, as `top` writes it; of all processors for the machine. */
function percentages(before: Sample, after: Sample): { kernelCpu: number; hostCpu: number } {
  const time = after.time - before.time;
  const ticks = after.total - before.total;
  return {
    kernelCpu: time > 0 ? round((100 * (after.process - before.process)) / time) : 0,
    hostCpu: ticks > 0 ? round((100 * (after.busy - before.busy)) / ticks) : 0,
  };
}

function sample(): Sample {
  const { user, system } = process.cpuUsage();
  let [total, idle] = [0, 0];
  for (const { times } of cpus()) {
    total += times.user + times.nice + times.sys + times.idle + times.irq;
    idle += times.idle;
  }
  return { time: performance.now(), process: (user + system) / 1000, total, busy: total - idle };
}

function round(percent: number): number {
  return Math.round(percent * 10) / 10;
}
