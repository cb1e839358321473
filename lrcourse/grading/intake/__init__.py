"""What was submitted, taken in: a clean copy, or one sentence that says why there is none."""
