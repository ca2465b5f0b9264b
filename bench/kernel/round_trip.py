"""Start and round trip of Jupyter kernels, seen by jupyter_client.

Usage: round_trip.py ROUNDS NAME=ARGV_JSON…
Prints one JSON object: for each kernel the seconds from start to the first kernel_info_reply, and the milliseconds of `1+1`
from execute_request to idle.
"""

import json
import sys
import time

from jupyter_client import KernelManager
from jupyter_client.kernelspec import KernelSpec


def measure(argv, rounds):
    manager = KernelManager()
    manager._kernel_spec = KernelSpec(argv=argv, display_name="bench", language="bench", interrupt_mode="message")
    start = time.perf_counter()
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        ready = time.perf_counter() - start
        trips = []
        for _ in range(rounds):
            began = time.perf_counter()
            client.execute_interactive("1+1", output_hook=lambda message: None, timeout=30)
            trips.append(1000 * (time.perf_counter() - began))
        return {"start": ready, "trips": trips}
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=False)


rounds = int(sys.argv[1])
kernels = dict(argument.split("=", 1) for argument in sys.argv[2:])
print(json.dumps({name: measure(json.loads(argv), rounds) for name, argv in kernels.items()}))
