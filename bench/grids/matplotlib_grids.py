"""Chollet's activation grids of 12 layers with NumPy and matplotlib, one PNG a layer.

Usage: matplotlib_grids.py ROUNDS: prints {"milliseconds": […]}, one number for each drawing of the 12 grids.
"""

import io
import json
import sys
import time

import matplotlib
import numpy as np

matplotlib.use("Agg")
import matplotlib.pyplot as plt

# The shapes net: size of the maps and channels of its first 12 layers.
layers = [(28, 32), (26, 32), (13, 32), (13, 32), (13, 64), (11, 64), (5, 64), (5, 64), (5, 64), (3, 64), (1, 64), (1, 64)]
random = np.random.default_rng(1)
activations = [np.maximum(random.normal(size=(size, size, channels)), 0) for size, channels in layers]


def draw():
    for values in activations:
        size, channels = values.shape[1], values.shape[-1]
        grid = np.zeros((size * (channels // 16), 16 * size))
        for channel in range(channels):
            tile = values[:, :, channel].copy()
            tile -= tile.mean()
            tile /= tile.std() + 1e-12
            tile = np.clip(tile * 64 + 128, 0, 255).astype("uint8")
            row, column = divmod(channel, 16)
            grid[row * size : (row + 1) * size, column * size : (column + 1) * size] = tile
        plt.figure(figsize=(grid.shape[1] / size, grid.shape[0] / size))
        plt.imshow(grid, aspect="auto", cmap="viridis")
        plt.savefig(io.BytesIO())
        plt.close()


milliseconds = []
for i in range(int(sys.argv[1]) + 1):
    started = time.perf_counter()
    draw()
    if i > 0:
        milliseconds.append(1000 * (time.perf_counter() - started))
print(json.dumps({"milliseconds": milliseconds}))
