"""Cells as the student meant them and the release had them."""
