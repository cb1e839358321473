"""The compiled part of `training`: one epoch of updates of all models, and their loss and accuracy.

Axes come in the order [seeds, schedules, batch, ...]. The models of a seed see the same batch, so a batch is
[seeds, 1, batch, features]. All weights of one model lie in one row, so that an update rule is a few operations on one
large array [seeds, schedules, weights] rather than many on small ones.
"""

from functools import lru_cache
from itertools import pairwise

import numpy as np

from lrcourse import _tensorflow
from lrcourse.schedules import steps_per_epoch
from lrcourse.training import optimizers

# Examples judged at a time: bounds the memory, and larger pieces were not faster.
_PIECE = 256


# Compiled once for each kind of run: TensorFlow would warn, on stderr, of a function that is traced again and again.
@lru_cache(maxsize=64)
def compiled(sizes, shape, n_examples, batch_size, activation, optimizer, momentum):
    """(train, judge): one epoch of updates, and (loss, accuracy) of all models, as TensorFlow functions."""
    tf = _tensorflow.tensorflow()
    rule = optimizers.rule(optimizer, momentum=momentum)
    squash = {"relu": tf.nn.relu, "tanh": tf.tanh}[activation]
    n_seeds, n_schedules, _ = shape
    n_steps = steps_per_epoch(n_examples, batch_size=batch_size)

    def logits(weights, x):
        *hidden, last = layers(weights, sizes)
        for kernel, bias in hidden:
            x = squash(x @ kernel + bias[..., None, :])
        return x @ last[0] + last[1][..., None, :]

    def cross_entropy(outputs, y):
        labels = tf.broadcast_to(y, tf.shape(outputs)[:-1])
        return tf.nn.sparse_softmax_cross_entropy_with_logits(labels, outputs)

    def train(weights, memory, x, y, order, rates, first_step):
        def update(i, weights, memory, used):
            batch = order[:, i * batch_size : tf.minimum((i + 1) * batch_size, n_examples)]
            images, classes = tf.gather(x, batch)[:, None], tf.gather(y, batch)[:, None]
            with tf.GradientTape() as tape:
                tape.watch(weights)
                # Models share nothing, so the gradient of the sum holds the gradient of each.
                loss = tf.reduce_sum(tf.reduce_mean(cross_entropy(logits(weights, images), classes), axis=-1))
            gradient = tape.gradient(loss, weights)
            step = first_step + tf.cast(i, tf.float32)
            weights, memory = rule.update(weights, gradient, memory, rates[i][:, None], step)
            return i + 1, weights, memory, used.write(i, rates[i])

        used = tf.TensorArray(tf.float32, n_steps)
        state = (tf.constant(0), weights, memory, used)
        _, weights, memory, used = tf.while_loop(lambda i, *_: i < n_steps, update, state)
        return weights, memory, used.stack()

    def judge(weights, x, y):
        n = tf.shape(x)[0]

        def piece(i, loss, right):
            part = slice(i, tf.minimum(i + _PIECE, n))
            outputs = logits(weights, x[part])
            loss += tf.reduce_sum(cross_entropy(outputs, y[part]), axis=-1)
            hit = tf.argmax(outputs, axis=-1, output_type=tf.int32) == y[part]
            return i + _PIECE, loss, right + tf.reduce_sum(tf.cast(hit, tf.float32), axis=-1)

        none = tf.zeros(shape[:2])
        _, loss, right = tf.while_loop(lambda i, *_: i < n, piece, (tf.constant(0), none, none))
        return loss / tf.cast(n, tf.float32), right / tf.cast(n, tf.float32)

    def spec(*dims, of=tf.float32):
        return tf.TensorSpec(dims, of)

    all_weights, images, classes = spec(*shape), spec(None, sizes[0]), spec(None, of=tf.int32)
    memory = (all_weights,) * len(rule.memory)
    order, rates = spec(n_seeds, n_examples, of=tf.int32), spec(n_steps, n_schedules)
    return (
        tf.function(train, autograph=False).get_concrete_function(
            all_weights, memory, images, classes, order, rates, spec()
        ),
        tf.function(judge, autograph=False).get_concrete_function(all_weights, images, classes),
    )


def layers(weights, sizes):
    """Cut [..., weights], of NumPy or TensorFlow, into (kernel [..., in, out], bias [..., out]) for each layer."""
    lengths = [length for n_in, n_out in pairwise(sizes) for length in (n_in * n_out, n_out)]
    if isinstance(weights, np.ndarray):
        parts, reshape = np.split(weights, np.cumsum(lengths)[:-1], axis=-1), np.reshape
    else:
        # One split and not a slice for each part: the gradient of a slice is as large as all weights together.
        tf = _tensorflow.tensorflow()
        parts, reshape = tf.split(weights, lengths, axis=-1), tf.reshape
    return [
        (reshape(kernel, (*kernel.shape[:-1], n_in, n_out)), bias)
        for kernel, bias, (n_in, n_out) in zip(parts[::2], parts[1::2], pairwise(sizes), strict=True)
    ]
