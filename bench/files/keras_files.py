"""VGG16's weights of random numbers, saved and loaded by Keras. Usage: keras_files.py PATH ROUNDS
Prints {"save": [seconds, ...], "load": [seconds, ...], "writeFile": ..., "readFile": ...}: the last two by h5py alone."""
import json
import os
import sys
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import h5py
import keras
import numpy as np

path, rounds = sys.argv[1], int(sys.argv[2])
model = keras.applications.VGG16(weights=None)
times = {"save": [], "load": [], "readFile": []}


def measure(name, work):
    started = time.perf_counter()
    work()
    times[name].append(time.perf_counter() - started)


def read():
    arrays = []
    with h5py.File(path, "r") as file:
        file.visititems(lambda _, item: arrays.append(np.array(item)) if isinstance(item, h5py.Dataset) else None)


for _ in range(rounds):
    measure("save", lambda: model.save(path))
    measure("readFile", read)
    measure("load", lambda: model.load_weights(path))
print(json.dumps(times))
