"""The notebook 03-shapes in Python: Keras 3 and matplotlib, the same steps from process start to finished pictures.

Usage: keras_shapes.py DATA_DIRECTORY OUTPUT_DIRECTORY EPOCHS SEED
Prints one JSON object: seconds per stage and the best validation accuracy.
"""

import time

start = time.perf_counter()
import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
import matplotlib
import numpy as np

matplotlib.use("Agg")
import matplotlib.pyplot as plt

imported = time.perf_counter()
data, out, epochs, seed = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
os.makedirs(out, exist_ok=True)
keras.utils.set_random_seed(seed)
layers = keras.layers


def read(kind, shuffle):
    generator = keras.src.legacy.preprocessing.image.ImageDataGenerator(rescale=1 / 255)
    return generator.flow_from_directory(
        os.path.join(data, kind),
        target_size=(28, 28),
        batch_size=16,
        class_mode="categorical",
        shuffle=shuffle,
    )


train, test = read("training_set", True), read("test_set", False)


def block(filters, first=()):
    return [
        *first,
        layers.Conv2D(filters, 3, padding="same", activation="relu"),
        layers.Conv2D(filters, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Dropout(0.5),
    ]


model = keras.Sequential(
    [
        *block(32, [keras.Input((28, 28, 3))]),
        *block(64),
        *block(64),
        layers.Flatten(),
        layers.Dense(512, activation="relu"),
        layers.Dropout(0.5),
        layers.Dense(3, activation="softmax"),
    ]
)
assert model.count_params() == 174_243
model.compile(optimizer="rmsprop", loss="categorical_crossentropy", metrics=["accuracy"])
best = os.path.join(out, "best.weights.h5")
checkpoint = keras.callbacks.ModelCheckpoint(
    best, monitor="val_accuracy", save_best_only=True, save_weights_only=True
)
built = time.perf_counter()
history = model.fit(train, validation_data=test, epochs=epochs, callbacks=[checkpoint], verbose=0).history
fitted = time.perf_counter()

for name in ("accuracy", "loss"):
    plt.figure()
    plt.plot(history[name])
    plt.plot(history["val_" + name])
    plt.savefig(os.path.join(out, name + ".png"))
    plt.close()
model.load_weights(best)
model.save(os.path.join(out, "shapes.h5"))
picture = keras.utils.load_img(os.path.join(data, "test_set/triangles/drawing(2).png"), target_size=(28, 28))
image = keras.utils.img_to_array(picture)[None] / 255
model.predict(image, verbose=0)

forward = time.perf_counter()
activations = keras.Model(model.inputs, [layer.output for layer in model.layers[:12]]).predict(image, verbose=0)
drawn = time.perf_counter()
plt.matshow(activations[0][0, :, :, 4], cmap="viridis")
plt.savefig(os.path.join(out, "channel4.png"))
plt.close()
for layer, values in zip(model.layers[:12], activations):
    size, channels = values.shape[1], values.shape[-1]
    rows = channels // 16
    grid = np.zeros((size * rows, 16 * size))
    for channel in range(channels):
        tile = values[0, :, :, channel].copy()
        tile -= tile.mean()
        tile /= tile.std() + 1e-12
        tile = np.clip(tile * 64 + 128, 0, 255).astype("uint8")
        row, column = divmod(channel, 16)
        grid[row * size : (row + 1) * size, column * size : (column + 1) * size] = tile
    plt.figure(figsize=(grid.shape[1] / size, grid.shape[0] / size))
    plt.title(layer.name)
    plt.grid(False)
    plt.imshow(grid, aspect="auto", cmap="viridis")
    plt.savefig(os.path.join(out, layer.name + ".png"))
    plt.close()
end = time.perf_counter()
print(
    json.dumps(
        {
            "import": imported - start,
            "fit": fitted - built,
            "grids": end - drawn,
            "total": end - start,
            "best": max(history["val_accuracy"]),
        }
    )
)
