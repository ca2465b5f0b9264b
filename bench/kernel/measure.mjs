// Start to ready and the round trip of `1+1`: our kernel, ipykernel and tslab through the same client.
import { join } from "node:path";
import { root, runPython } from "../python.mjs";
import { compare } from "../statistics.mjs";

export async function measureKernels({ rounds = 100 } = {}) {
  const argv = {
    convoscope: [process.execPath, join(root, "dist/cli/main.js"), "kernel", "{connection_file}"],
    ipykernel: [join(root, ".venv/bin/python"), "-m", "ipykernel_launcher", "-f", "{connection_file}"],
    tslab: [
      process.execPath,
      join(root, "node_modules/tslab/bin/tslab"),
      "kernel",
      "--config-path={connection_file}",
    ],
  };
  const kernels = Object.entries(argv).map(([name, command]) => `${name}=${JSON.stringify(command)}`);
  // The first start of each reads its files from the disk; the second is what users meet all day.
  await runPython("bench/kernel/round_trip.py", [1, ...kernels]);
  const { convoscope, ...peers } = await runPython("bench/kernel/round_trip.py", [rounds, ...kernels]);
  return Object.entries(peers).flatMap(([name, peer]) => [
    compare("kernel, start to ready", "s", [convoscope.start], name, [peer.start]),
    compare("kernel, 1+1 to idle", "ms", convoscope.trips, name, peer.trips),
  ]);
}
