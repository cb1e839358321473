"""The classes that Keras itself must know: the recorder's callback, and a schedule given by a table.

They import Keras, so `recorder` and `bridge` import them late.
"""

import numpy as np

from lrcourse import _tensorflow

keras = _tensorflow.keras()


class RateRecorder(keras.callbacks.Callback):
    """A callback for `fit` that records the rate of every optimizer update.

    The rate is read before the update, because after it Keras already shows the next one. Give the same recorder to
    several calls of `fit` and it goes on where it was. A run whose updates it cannot see one by one is a ValueError.
    """

    def __init__(self):
        super().__init__()
        self._rates: list[float] = []
        self._epoch_starts: list[int] = []
        self._before: tuple[int, float] = (0, 0.0)

    @property
    def rates(self) -> np.ndarray:
        """The applied rates, a float64 array with one number an update."""
        return np.array(self._rates, dtype="float64")

    @property
    def epoch_starts(self) -> np.ndarray:
        """The place in `rates` of each epoch's first update, an int array."""
        return np.array(self._epoch_starts, dtype="int64")

    def on_train_begin(self, logs=None):
        optimizer = self.model.optimizer
        if self.model.steps_per_execution != 1:
            raise ValueError(
                "RateRecorder needs steps_per_execution=1 in compile, because Keras calls it once for all the updates "
                f"of one execution; got {self.model.steps_per_execution}."
            )
        if hasattr(optimizer, "optimizers"):
            raise ValueError("RateRecorder records the one rate of one optimizer; got a MultiOptimizer.")
        accumulated = getattr(optimizer, "inner_optimizer", optimizer).gradient_accumulation_steps
        if accumulated:
            raise ValueError(
                "RateRecorder needs an optimizer without gradient accumulation, because most batches are then no "
                f"update; got gradient_accumulation_steps={accumulated}."
            )

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch_starts.append(len(self._rates))

    def on_train_batch_begin(self, batch, logs=None):
        self._before = (self._updates(), float(self.model.optimizer.learning_rate))

    def on_train_batch_end(self, batch, logs=None):
        before, rate = self._before
        made = self._updates() - before
        # No update: mixed precision skips one whose gradient overflows, and then no rate was applied.
        if made > 1:
            raise ValueError(f"RateRecorder needs at most one optimizer update a batch; batch {batch} made {made}.")
        self._rates.extend([rate] * made)

    def _updates(self) -> int:
        return int(self.model.optimizer.iterations)


@keras.saving.register_keras_serializable(package="lrcourse")
class TabulatedSchedule(keras.optimizers.schedules.LearningRateSchedule):
    """A table of rates, one a step, as a Keras schedule. After the last one, the last one stays.

    `rates` is a sequence of finite numbers of at least 0, kept as float32: the precision in which Keras applies a rate.
    """

    def __init__(self, rates):
        self.rates = np.array(rates, dtype="float32")
        if self.rates.ndim != 1 or not len(self.rates):
            raise ValueError(f"rates must be a sequence of at least one number; got shape {self.rates.shape}.")

    def __call__(self, step):
        # An index into a table, so that a plan with any Python in it also works inside TensorFlow's graph.
        last = len(self.rates) - 1
        index = keras.ops.minimum(keras.ops.cast(step, "int32"), last)
        return keras.ops.take(keras.ops.convert_to_tensor(self.rates), index)

    def get_config(self):
        return {"rates": self.rates.tolist()}
