"""The nets of nets.mjs in Keras."""

import keras
from keras import layers

SAME = {"padding": "same"}


def conv(filters, size, **options):
    return layers.Conv2D(filters, size, **{"activation": "relu", **options})


def sequential(shape, *parts):
    return keras.Sequential([keras.Input(shape), *parts])


def shapes():
    def block(filters):
        return [conv(filters, 3, **SAME), conv(filters, 3), layers.MaxPooling2D(), layers.Dropout(0.5)]

    head = [layers.Flatten(), layers.Dense(512, "relu"), layers.Dropout(0.5), layers.Dense(3, "softmax")]
    return sequential((28, 28, 3), *block(32), *block(64), *block(64), *head)


def cats_dogs():
    blocks = [part() for _ in range(3) for part in (lambda: conv(64, 3, **SAME), layers.MaxPooling2D, lambda: layers.Dropout(0.5))]
    return sequential((64, 64, 3), *blocks, layers.Flatten(), layers.Dense(32, "relu"), layers.Dense(1, "sigmoid"))


def lenet5():
    blocks = [part for f in (16, 32, 64) for part in (conv(f, 5, activation="sigmoid", **SAME), layers.MaxPooling2D())]
    return sequential((28, 28, 1), *blocks, layers.Flatten(), layers.Dense(100, "sigmoid"), layers.Dense(10, "softmax"))


def adam():
    return keras.optimizers.Adam()


def sgd():
    return keras.optimizers.SGD(0.5)


def momentum():
    return keras.optimizers.SGD(1e-4, momentum=0.9)


CATEGORICAL = "categorical_crossentropy"

# Name: how the model is made, its optimizer and its loss, if it has any.
NETS = {
    "exo7": (
        lambda: sequential((28, 28, 1), conv(32, 3, **SAME), conv(16, 3, **SAME), layers.Flatten(), layers.Dense(10, "softmax")),
        adam,
        CATEGORICAL,
    ),
    "lenet": (
        lambda: sequential(
            (28, 28, 1),
            *(conv(6, 5, **SAME), layers.MaxPooling2D(), conv(16, 5), layers.MaxPooling2D(), layers.Flatten()),
            *(layers.Dense(120, "relu"), layers.Dense(84, "relu"), layers.Dense(10, "softmax")),
        ),
        adam,
        CATEGORICAL,
    ),
    "shapes": (shapes, keras.optimizers.RMSprop, CATEGORICAL),
    "cifar10": (
        lambda: sequential(
            (32, 32, 3),
            *(conv(64, 3, **SAME), conv(64, 3, **SAME), layers.MaxPooling2D()),
            *(conv(64, 3, **SAME), layers.MaxPooling2D(), conv(64, 3, **SAME)),
            *(layers.Flatten(), layers.Dense(10, "softmax")),
        ),
        adam,
        CATEGORICAL,
    ),
    "catsDogs": (cats_dogs, adam, "binary_crossentropy"),
    "logistic": (lambda: sequential((784,), layers.Dense(10, "softmax")), sgd, CATEGORICAL),
    "mlp": (lambda: sequential((784,), layers.Dense(100, "sigmoid"), layers.Dense(10, "softmax")), sgd, CATEGORICAL),
    "lenet5": (lenet5, sgd, CATEGORICAL),
    "vgg16": (lambda: keras.applications.VGG16(weights=None), momentum, CATEGORICAL),
    "inceptionV3": (
        lambda: keras.applications.InceptionV3(weights=None, include_top=False, input_shape=(150, 150, 3)),
        None,
        None,
    ),
    "mobileNet": (lambda: keras.applications.MobileNet(weights=None), momentum, CATEGORICAL),
}
