"""A class graded at once: jobs for workers on Dask, one writer, and a journal so that nothing is lost.

What a mark is made of is the same as with `nbgrader autograde`. Workers do all that needs no gradebook; the driver
hands them jobs, and saves what comes back.
"""
