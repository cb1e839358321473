"""What was graded, made safe to look at: no script, no page, no drawing that a browser would run."""
