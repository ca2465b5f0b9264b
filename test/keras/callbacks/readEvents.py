"""Prints what TensorFlow reads from the event files of a directory, as JSON: one list per file's directory."""

import json
import pathlib
import sys

import tensorflow as tf


def value_of(value):
    plugin = value.metadata.plugin_data.plugin_name
    array = tf.make_ndarray(value.tensor)
    if plugin == "images":
        pictures = [tf.io.decode_png(png).numpy() for png in array[2:]]
        array = [[int(n) for n in array[:2]], *[p[:, :, 0].tolist() for p in pictures]]
        return array
    return array.tolist()


result = {}
for path in sorted(pathlib.Path(sys.argv[1]).glob("*/events.out.tfevents.*")):
    events = list(tf.compat.v1.train.summary_iterator(str(path)))
    result[path.parent.name] = {
        "version": events[0].file_version,
        "values": [
            [v.metadata.plugin_data.plugin_name, v.tag, e.step, value_of(v)] for e in events for v in e.summary.value
        ],
    }
print(json.dumps(result))
