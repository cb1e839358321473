"""What grading wrote down: journal, one writer, rows, scores."""
