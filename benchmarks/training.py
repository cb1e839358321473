"""What one trained model costs: `lrcourse.training.train_many` beside Keras' `fit`, in one run.

    python benchmarks/training.py [--keras-models 2]

The job is that of lessons 02 and 03: the digits network 64-32-10 on noisy digits, batch size 8, 10 epochs, SGD;
5 schedules with 10 seeds each. CPU seconds count all threads. Both columns train and judge the test images after every
epoch. "first" includes TensorFlow's tracing, "again" is what each further run of the same size costs. `fit` is measured
on a few models, each with a fresh network, as a student's loop over seeds would do.
"""

import argparse
import resource
import time

import numpy as np

import lrcourse as lr
from lrcourse import _tensorflow, schedules
from lrcourse.training import many as training

BATCH_SIZE, EPOCHS, SEEDS = 8, 10, range(10)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--keras-models", type=int, default=2, help="how many models to train with fit (default 2)")
    n_keras = parser.parse_args().keras_models

    data = lr.digits(noisy=True)
    n_steps = EPOCHS * schedules.steps_per_epoch(len(data.x_train), batch_size=BATCH_SIZE)
    plans = (
        schedules.constant(0.1),
        schedules.constant(0.01),
        schedules.time_based_decay(0.1, decay=0.01),
        schedules.exponential_decay(0.1, decay_steps=10, decay_rate=0.96, staircase=True),
        schedules.cosine(0.1, decay_steps=n_steps),
    )
    rates = np.stack([schedules.rates(plan, n_steps) for plan in plans])
    _tensorflow.keras()
    before = _memory()

    def all_at_once(optimizer="sgd"):
        training.train_many(rates, data, seeds=SEEDS, batch_size=BATCH_SIZE, epochs=EPOCHS, optimizer=optimizer)

    def with_fit(steps_per_execution):
        for seed in range(n_keras):
            _fit(data, plans[2], n_steps, seed, steps_per_execution)

    n_models = len(plans) * len(SEEDS)
    print(
        f"{n_models} models (5 schedules x 10 seeds), {EPOCHS} epochs, batch size {BATCH_SIZE}, {n_steps} updates each"
    )
    print(f"{'':34}{'models':>7}{'wall s':>9}{'CPU s':>9}{'CPU s a model':>15}{'fit / this':>12}")
    rows = [
        ("train_many, first", n_models, *_timed(all_at_once)),
        ("train_many, again", n_models, *_timed(all_at_once)),
    ]
    after = _memory()
    rows.append(("train_many, Adam, again", n_models, *_timed(all_at_once, "adam", warm=True)))
    rows.append(("fit", n_keras, *_timed(with_fit, 1)))
    rows.append(("fit, steps_per_execution=32", n_keras, *_timed(with_fit, 32)))
    fit = rows[-2][3] / n_keras
    for name, models, wall, cpu in rows:
        print(f"{name:34}{models:7}{wall:9.2f}{cpu:9.2f}{cpu / models:15.3f}{fit / (cpu / models):11.1f}x")
    print(f"peak memory: {before:.0f} MB with TensorFlow loaded, {after:.0f} MB after train_many")


def _fit(data, plan, n_steps, seed, steps_per_execution):
    keras = _tensorflow.keras()
    lr.set_seed(seed)
    model = lr.digits_mlp()
    optimizer = keras.optimizers.SGD(lr.as_keras(plan, n_steps=n_steps))
    model.compile(
        optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"], steps_per_execution=steps_per_execution
    )
    test = (data.x_test, data.y_test)
    model.fit(data.x_train, data.y_train, batch_size=BATCH_SIZE, epochs=EPOCHS, validation_data=test, verbose=0)


def _timed(work, *arguments, warm=False):
    if warm:
        work(*arguments)
    wall, cpu = time.perf_counter(), time.process_time()
    work(*arguments)
    return time.perf_counter() - wall, time.process_time() - cpu


def _memory():
    # Kilobytes on Linux, bytes on macOS.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if peak > 1e8 else 1e3)


if __name__ == "__main__":
    main()
