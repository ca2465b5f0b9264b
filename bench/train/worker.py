"""Keras' side of the measurements: reads a request a line, answers with an object a line. worker.mjs is ours."""

import json
import os
import resource
import sys
import time


def since_start():
    return time.time() - float(os.environ["BENCH_STARTED"]) / 1000


import keras
import numpy as np
import tensorflow as tf
from floor import kernels_of
from nets import NETS

tf.config.list_logical_devices()
imported = since_start()

model = data = net = key = kernels = compiled = None


def prepare(request):
    global model, data, net, key, kernels, compiled
    wanted = (request["net"], request["batch"], request["steps"])
    if wanted == key:
        return
    if request["net"] != net:
        net = request["net"]
        model = kernels = None
        keras.backend.clear_session()
        keras.utils.set_random_seed(1)
        build, optimizer, loss = NETS[net]
        model = build()
        if loss:
            model.compile(optimizer(), loss, metrics=["accuracy"])
        compiled = tf.function(lambda x: model(x, training=False))
    samples = request["batch"] * request["steps"]
    x = np.random.default_rng(1).random((samples, *model.input_shape[1:]), dtype="float32")
    classes = model.output_shape[-1]
    order = np.arange(samples)
    y = np.eye(classes, dtype="float32")[order % classes] if classes > 1 else (order % 2)[:, None].astype("float32")
    key, data, kernels = wanted, (x, y), None


def fit(request):
    model.fit(*data, batch_size=request["batch"], epochs=request["epochs"], verbose=0)


def predict(request):
    """Batch by batch through a tf.function, which is faster than Keras' own predict."""
    x, batch = data[0], request["batch"]
    np.concatenate([compiled(x[start : start + batch]).numpy() for start in range(0, len(x), batch)])


def floor(request):
    """The convolution and matrix kernels of as many steps, and nothing else."""
    global kernels
    kernels = kernels or kernels_of(model, request["batch"], gradients=request["task"] == "fit")
    for _ in range(request["steps"] * request["epochs"]):
        result = kernels()
    result.numpy()


WORK = {"fit": fit, "predict": predict, "floor": floor}


def peak_memory():
    """The most memory that the process has held, in bytes. What getrusage says may be the starting process's."""
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) * 1024
    except FileNotFoundError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def first(request):
    """The first call of a fresh process, which has to prepare everything, and the second."""
    work = WORK[request["task"]]
    prepare(request)
    built = since_start()
    work(request)
    done = since_start()
    work(request)
    second = since_start() - done
    return {"imported": imported, "first": done - built, "total": done, "second": second, "peak": peak_memory()}


def timed(request):
    prepare(request)
    started = time.perf_counter()
    WORK[request["work"]](request)
    return {"seconds": time.perf_counter() - started}


for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = first(request) if request["work"] == "first" else timed(request)
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
