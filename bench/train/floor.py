"""The least that a step can cost: the convolutions and matrix products of a net, forwards and backwards, alone."""

import keras
import numpy as np
import tensorflow as tf

KERNELS = (keras.layers.Conv2D, keras.layers.DepthwiseConv2D, keras.layers.Dense)


def random(*shape):
    return tf.constant(np.random.default_rng(1).standard_normal(shape, dtype="float32"))


def kernels_of(model, batch, gradients):
    """A function without arguments that runs the kernels of one step on tensors of the right shapes.

    Forwards each layer waits for the one before it; backwards the two gradients of a layer may run side by side, as they
    may in a real step. The tensors are arguments of the graph, and a value of each result is used: nothing can be left out.
    """
    parts = []
    for layer in model.layers:
        if isinstance(layer, KERNELS):
            x = random(batch, *layer.input.shape[1:])
            out = random(batch, *layer.output.shape[1:])
            parts.append((layer, x, tf.constant(layer.kernel.numpy()), out))
    forward, backward = zip(*[calls(layer) for layer, *_ in parts])

    @tf.function
    def run(tensors):
        used, before = [], []
        for call, (x, w, _) in zip(forward, tensors):
            with tf.control_dependencies(before):
                before = [call(x, w)]
            used += before
        if gradients:
            for index in reversed(range(len(tensors))):
                x, w, dy = tensors[index]
                by_input, by_weights = backward[index]
                with tf.control_dependencies(before):
                    used.append(by_weights(x, w, dy))
                    # Nothing asks for the gradient of the pictures themselves.
                    if index > 0:
                        before = [by_input(x, w, dy)]
                        used += before
        return tf.add_n([tf.reshape(result, [-1])[0] for result in used])

    tensors = [part[1:] for part in parts]
    run(tensors)
    return lambda: run(tensors)


def calls(layer):
    """The kernel of a layer, and those of its two gradients."""
    raw = tf.raw_ops
    if isinstance(layer, keras.layers.Dense):
        return (
            lambda x, w: raw.MatMul(a=x, b=w),
            (lambda x, w, dy: raw.MatMul(a=dy, b=w, transpose_b=True), lambda x, w, dy: raw.MatMul(a=x, b=dy, transpose_a=True)),
        )
    options = {"strides": [1, *layer.strides, 1], "padding": layer.padding.upper()}
    if isinstance(layer, keras.layers.DepthwiseConv2D):
        return (
            lambda x, w: raw.DepthwiseConv2dNative(input=x, filter=w, **options),
            (
                lambda x, w, dy: raw.DepthwiseConv2dNativeBackpropInput(input_sizes=x.shape, filter=w, out_backprop=dy, **options),
                lambda x, w, dy: raw.DepthwiseConv2dNativeBackpropFilter(input=x, filter_sizes=w.shape, out_backprop=dy, **options),
            ),
        )
    return (
        lambda x, w: raw.Conv2D(input=x, filter=w, **options),
        (
            lambda x, w, dy: raw.Conv2DBackpropInput(input_sizes=x.shape, filter=w, out_backprop=dy, **options),
            lambda x, w, dy: raw.Conv2DBackpropFilter(input=x, filter_sizes=w.shape, out_backprop=dy, **options),
        ),
    )
