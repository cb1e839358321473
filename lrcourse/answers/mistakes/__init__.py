"""The known mistakes, a module an exercise. Only the lessons' own modules import them, so no student's wheel has them.

A module has `MISTAKES`. Forms of one mistake that differ in a number (which epochs, which factor, which floor) are made
by comprehension. A sentence must be true of every code that answers as one of the forms does, whatever its way there.
"""
