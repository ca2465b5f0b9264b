"""Packs MNIST's idx files as mnist.npz, as Keras has it. Arguments: the directory of the idx files, the file to write."""

import gzip
import sys

import numpy as np

directory, target = sys.argv[1:]


def read(name, start, *shape):
    with gzip.open(f"{directory}/{name}-ubyte.gz") as file:
        return np.frombuffer(file.read(), "u1", offset=start).reshape(shape)


np.savez_compressed(
    target,
    x_train=read("train-images-idx3", 16, 60000, 28, 28),
    y_train=read("train-labels-idx1", 8, 60000),
    x_test=read("t10k-images-idx3", 16, 10000, 28, 28),
    y_test=read("t10k-labels-idx1", 8, 10000),
)
print("{}")
