"""What two schedules can be compared by."""

# By name: the words for it, its unit, how many decimals a table shows, and where to find it in a training.
MEASURES = {
    "accuracy": ("test accuracy", "%", 2, lambda training: 100 * training.test_accuracy.astype(float)),
    "loss": ("training loss", "nats", 4, lambda training: training.train_loss.astype(float)),
    "test loss": ("test loss", "nats", 4, lambda training: training.test_loss.astype(float)),
}
