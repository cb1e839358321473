"""A table is written for people, and says the same as HTML and as text."""

from html.parser import HTMLParser

import pytest

import lrcourse as lr


def cells(table):
    found = []
    parser = HTMLParser()
    parser.handle_data = found.append
    parser.feed(table._repr_html_())
    return found


def test_html_and_text_say_the_same_and_names_are_escaped():
    table = lr.table({"rate": ["<low>", "high"], "loss": [0.5, 12.345]}, caption="Losses", digits=2)
    assert cells(table) == ["Losses", "rate", "loss", "<low>", "0.50", "high", "12"]
    assert repr(table).splitlines() == ["Losses", "", "rate   loss", "<low>  0.50", "high     12"]


@pytest.mark.parametrize(
    ("value", "written"),
    [(3, "3"), (1_234_567, "1,234,567"), (0.05263, "0.0526"), (0.1, "0.100"), (99.99, "100"), (1234.5, "1234"),
     (5e-6, "5.00e-06"), (3.2e9, "3.20e+09"), (0.0, "0"), (-0.25, "-0.250"), (float("inf"), "not finite"),
     (True, "True"), ("a word", "a word")],
)  # fmt: skip
def test_three_digits_that_count(value, written):
    assert lr.table({"x": [value]}).rows == [[written]]


def test_places_by_heading():
    table = lr.table({"step": [1], "a": [0.5], "b": [0.5]}, decimals={"a": 4})
    assert table.rows == [["1", "0.5000", "0.500"]]


@pytest.mark.parametrize("columns", [{}, {"a": [1, 2], "b": [1]}])
def test_columns_of_different_lengths_are_refused(columns):
    with pytest.raises(ValueError, match=r"columns must all have the same length.*; got \{"):
        lr.table(columns)
