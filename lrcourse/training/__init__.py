"""Many models trained at once, with the optimizers' rules written out."""
