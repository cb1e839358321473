"""Settings that all tests share."""

# Notebooks under tests/ are material for tests; nbval runs the lessons only.
collect_ignore_glob = ["*.ipynb", "**/*.ipynb"]
