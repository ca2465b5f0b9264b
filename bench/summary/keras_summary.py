"""Usage: keras_summary.py ROUNDS: prints how many milliseconds Keras takes to print the summaries of VGG16 and InceptionV3."""

import json
import os
import sys
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
import keras

result = {}
for name, make in [("vgg16", keras.applications.VGG16), ("inceptionV3", keras.applications.InceptionV3)]:
    model = make(weights=None)
    result[name] = []
    for round_ in range(-1, int(sys.argv[1])):
        started = time.perf_counter()
        model.summary(print_fn=lambda text: None)
        if round_ >= 0:
            result[name].append(1000 * (time.perf_counter() - started))
print(json.dumps(result))
