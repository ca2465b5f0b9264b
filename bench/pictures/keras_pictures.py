"""Takes epochs of photos of a directory from Keras' generator, without and with random changes; prints photos per second of each epoch."""

import json
import os
import sys
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
from keras.src.legacy.preprocessing.image import ImageDataGenerator

directory, epochs = sys.argv[1:]
changes = {
    **{"rotation_range": 40, "width_shift_range": 0.2, "height_shift_range": 0.2, "shear_range": 0.2, "zoom_range": 0.2},
    "horizontal_flip": True,
}


def measure(**options):
    generator = ImageDataGenerator(rescale=1 / 255, **options)
    flow = generator.flow_from_directory(directory, target_size=(64, 64), class_mode="binary")
    rates = []
    for _ in range(int(epochs)):
        start = time.perf_counter()
        for index in range(len(flow)):
            flow[index]
        flow.on_epoch_end()
        rates.append(flow.samples / (time.perf_counter() - start))
    return rates


plain = measure()
try:
    changed = measure(**changes)
except ImportError:
    # Keras moves pictures by SciPy, which it does not bring along.
    changed = None
print(json.dumps({"plain": plain, "changed": changed}))
