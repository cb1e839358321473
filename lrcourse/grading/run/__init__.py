"""A submission's code at work: its own cells in a sandboxed kernel, the graded ones here."""
