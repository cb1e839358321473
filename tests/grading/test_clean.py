"""Nothing active reaches a grader's or a student's browser, and honest text stays as it was written."""

import base64
import html
import os
import re
import shutil
from copy import deepcopy
from pathlib import Path

import nbformat
import nbgrader.server_extensions.formgrader.handlers as formgrader
import payloads
import pytest
from active import Inventory
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbconvert.filters.strings import strip_files_prefix
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from traitlets.config import Config

from lrcourse.grading.clean.markdown import as_typed, clean_markdown
from lrcourse.grading.clean.notebook import Clean
from lrcourse.locations import notebooks_dir

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(20)).decode()
TEMPLATES = ("lab", "feedback", "formgrade")
HONEST = {
    "less than": "a < b and b > c, 3<4",
    "formula": "It is $x<y$ and $a > b$.",
    "display formula": "$$\n\\begin{aligned}\na &< b \\\\\nc &> d\n\\end{aligned}\n$$",
    "environment": "\\begin{equation}\n\\eta_t < \\frac{1}{L}\n\\end{equation}",
    "code": "Use `x < y && z > 1` and `<script>`.",
    "fence": "```python\nif a < b:\n    print('<b>', \"&amp;\")\n```",
    "fence with markup": "```html\n<script>alert(1)</script>\n```",
    "indented code": "    <script>alert(1)</script>",
    "autolink": "See <https://keras.io/api/> or https://keras.io/?a=1&b=2 or <me@example.org>.",
    "link": '[Keras](https://keras.io/api/ "the site") and [below](#below) and [next](../03_exp/03_exp.ipynb)',
    "link by reference": "[Keras][1]\n\n[1]: https://keras.io/",
    "list": "- one\n- two\n  1. three\n  2. four",
    "tasks": "- [ ] open\n- [x] done",
    "table": "| rate | loss |\n|:-----|-----:|\n| 0.1 | < 2 |",
    "heading": "# One & two\n\n## Three",
    "emphasis": "**bold** *italic* ~~gone~~ \"quoted\" 'single'",
    "entities": "&lt;b&gt; &amp; &copy; &nbsp;",
    "html without harm": "a<br>b H<sub>2</sub>O x<sup>2</sup> <b>bold</b> <kbd>Ctrl</kbd>",
    "details": "<details><summary>more</summary>text</details>",
    "picture beside it": "![my plot](plot.png)",
    "picture attached": "![my plot](attachment:plot.png)",
    "other scripts": "¿Cuál es? 学習率 “quotes” … \u00a0 x",
    "backslashes": "C:\\data\\class and \\$5",
    "nothing": "",
}


def cleaned(nb):
    return Clean().preprocess(deepcopy(nb), {})[0]


def page(nb, template):
    """The page that nbconvert, nbgrader's feedback or formgrader makes of a notebook."""
    config = Config()
    config.HTMLExporter.template_name = template
    config.HTMLExporter.extra_template_basedirs = [formgrader.template_path]
    config.HTMLExporter.extra_template_paths = [str(Path(formgrader.static_path, "node_modules/bootstrap/dist/css"))]
    about = {"notebook": "nb", "score": 1, "max_score": 1, "late_penalty": 0}
    resources = {"nbgrader": about, "index": 0, "total": 1, "base_url": "", "notebook_id": "nb", "submission_id": "1"}
    nb = deepcopy(nb)
    for cell in nb.cells:  # what GetGrades puts there
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader |= {"points": 1, "score": 1, "comment": None}
    return HTMLExporter(config=config).from_notebook_node(nb, resources=resources)[0]


def gained(nb, template):
    """What can act in the notebook's page and not in that of a harmless notebook with as many cells of each type."""
    plain = new_notebook(
        cells=[new_markdown_cell("x") if cell.cell_type == "markdown" else plain_code(cell) for cell in nb.cells]
    )
    return Inventory(page(nb, template)).found - Inventory(page(plain, template)).found


def plain_code(cell):
    kept = new_code_cell("x = 1", metadata=cell.metadata)
    for output in cell.outputs:
        kept.outputs.append(
            new_output("stream", text="x") if output.output_type != "execute_result" else
            new_output("execute_result", data={"text/plain": "x"})
        )  # fmt: skip
    return kept


def rendered(cell):
    """What nbconvert makes of a text."""
    renderer = IPythonRenderer(escape=False, attachments=cell.get("attachments", {}))
    return strip_files_prefix(MarkdownWithMath(renderer=renderer).render(cell.source))


def shown(cell):
    """What in it can act."""
    return Inventory(rendered(cell)).found


@pytest.mark.parametrize("name", payloads.MARKDOWN)
def test_a_payload_in_a_text_does_nothing(name):
    cell = new_markdown_cell(payloads.MARKDOWN[name])
    cell["attachments"] = {"evil.png": {"image/svg+xml": payloads.SVG}}
    (clean,) = cleaned(NotebookNode(cells=[cell], metadata={})).cells
    assert shown(clean) == {}


@pytest.mark.parametrize("name", [name for name in payloads.MARKDOWN if name.startswith("formula")])
def test_a_formula_only_sets_a_formula(name):
    active = re.compile(r"\\(href|cssId|class|style|require)\s*(<br>)?\s*\{|\\(let|def|newcommand|csname)(?![a-z])")
    cell = new_markdown_cell(payloads.MARKDOWN[name])
    before, after = (html.unescape(rendered(each)) for each in (cell, *cleaned(new_notebook(cells=[cell])).cells))
    assert not active.search(after)
    assert active.search(before) or "markup" in name or "encoded" in name  # nbconvert escapes these two itself


@pytest.mark.parametrize("template", TEMPLATES)
def test_nothing_acts_in_any_page(template):
    assert gained(cleaned(payloads.notebook()), template) == {}


def test_the_payloads_would_act():
    texts = [text for text in payloads.MARKDOWN.values() if "attachment:" not in text and len(text) < 1000]
    acting = [text for text in texts if shown(new_markdown_cell(text))]
    assert len(acting) >= 55  # the others need MathJax, or a browser that repairs markup in its own way


def test_cleaning_twice_is_cleaning_once():
    once = cleaned(payloads.notebook())
    assert cleaned(once) == once
    nbformat.validate(once)


@pytest.fixture(scope="module")
def browser():
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        if os.environ.get("LRCOURSE_CI") == "1":
            pytest.fail("Chromium is missing, and CI must have it: see .ci/run")
        pytest.skip("Chromium is missing (Debian: apt install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.mark.parametrize(("clean", "acts"), [(True, False), (False, True)], ids=["cleaned", "as submitted"])
def test_in_a_real_browser(browser, tmp_path, clean, acts):
    nb = payloads.notebook()
    if clean:
        nb = cleaned(nb)
    else:
        nb.cells = [cell for cell in nb.cells if "attachment:" not in cell.source and len(cell.source) < 1000][:20]
    Path(tmp_path / "page.html").write_text(page(nb, "feedback"), encoding="utf-8")
    asked = []
    context = browser.new_context()
    context.route("**/*", lambda route: asked.append(route.request.url) or route.abort())
    context.route("file://**", lambda route: route.continue_())
    tab = context.new_page()
    tab.goto((tmp_path / "page.html").as_uri(), wait_until="domcontentloaded")
    for link in tab.locator("a[href]").all():
        link.evaluate("link => link.protocol == 'javascript:' && link.click()")
    assert tab.evaluate("window.acted || 0") == int(acts)
    assert [url for url in asked if "evil.test" in url] == [] or acts
    context.close()


@pytest.mark.parametrize("name", HONEST)
def test_honest_text_stays_letter_by_letter(name):
    attachments = {"plot.png": {"image/png": PNG}} if "attach" in name else {}
    assert clean_markdown(HONEST[name], attachments) == HONEST[name]


def test_every_text_of_the_lessons_stays():
    texts = [
        cell.source
        for path in notebooks_dir().glob("*/*.ipynb")
        for cell in nbformat.read(path, as_version=4).cells
        if cell.cell_type == "markdown"
    ]
    assert len(texts) > 100
    assert [text for text in texts if clean_markdown(text, {}) != text] == []


def test_the_rest_of_a_text_with_a_payload_is_shown():
    text = "# My answer\n\nI *chose* $\\eta < 1$ <script>alert(1)</script>\n\n```python\nif a < b:\n\n    pass\n```"
    shown = page(new_notebook(cells=[new_markdown_cell(clean_markdown(text, {}))]), "feedback")
    assert "<h1>My answer</h1>" in shown
    assert "<em>chose</em> $\\eta &lt; 1$" in shown
    assert '<span class="k">if</span>' in shown
    assert "alert(1)" not in shown


def test_a_text_that_would_take_long_to_render_is_shown_as_typed():
    text = "[" * 20_000 + "`````"
    assert clean_markdown(text, {}) == as_typed(text)
    assert as_typed(text).startswith("``````text\n[[[")
    assert as_typed("x" * 300_000).endswith("(cut off here)\n```")
    assert max(map(len, as_typed("x" * 300_000).splitlines())) == 200


def test_the_work_of_a_whole_notebook_is_bounded():
    nb = new_notebook(cells=[new_markdown_cell("[" * 4000) for _ in range(8)])
    typed = [cell.source.startswith("```text") for cell in cleaned(nb).cells]
    assert typed == [False] * 3 + [True] * 5


def outputs_of(*outputs):
    cell = new_code_cell("x")
    cell.outputs = [NotebookNode(output) for output in outputs]
    return cleaned(NotebookNode(cells=[cell], metadata={})).cells[0].outputs


def test_text_and_images_stay():
    figure = new_output(
        "display_data", data={"image/png": f"{PNG}\n", "text/plain": "<Figure>", "text/html": "<b>x</b>"}
    )
    figure.metadata = {"image/png": {"width": 640, "height": 480, "unconfined": True}}
    stream = new_output("stream", name="stderr", text="\x1b[31mred\x1b[0m < 1\n")
    result = new_output("execute_result", data={"text/plain": "0.1"}, execution_count=3)
    shown = outputs_of(stream, figure, result)
    assert shown[0] == stream
    assert shown[1].data == {"image/png": PNG, "text/plain": "<Figure>"}
    assert shown[1].metadata == {"image/png": {"width": 640, "height": 480}}
    assert shown[2] == result


def test_what_is_not_shown_is_named():
    (output,) = outputs_of(new_output("display_data", data={"text/html": "<b>x</b>"}))
    assert output.data == {"text/plain": "('text/html' is not shown here)"}


def test_an_error_is_text():
    (output,) = outputs_of(new_output("error", ename="E", evalue="<b>", traceback=["line 1", "\x1b[31mline 2\x1b[0m"]))
    assert output.traceback == ["line 1", "\x1b[31mline 2\x1b[0m"]


@pytest.mark.parametrize(
    "data",
    [
        "",
        "not base64!",
        base64.b64encode(b"GIF89a").decode(),
        base64.b64encode(payloads.SVG.encode()).decode(),
        5,
        None,
    ],
    ids=["empty", "no base64", "gif", "svg", "number", "none"],
)
def test_an_image_that_is_none_is_left_out(data):
    (output,) = outputs_of({"output_type": "display_data", "data": {"image/png": data, "text/plain": "x"}})
    assert output.data == {"text/plain": "x"}


def test_of_control_characters_only_colours_stay():
    text = (
        "\x1b[31mred\x1b[0m\ttab\r\n\x00\x08\x7f\x9b1m\x1b]8;;javascript:x\x07y\x1b[2J\x1b[" + "9" * 5000 + "mz\ud800"
    )
    (output,) = outputs_of(new_output("stream", text=text))
    assert output.text == "\x1b[31mred\x1b[0m\ttab\r\n1m]8;;javascript:xy[2J[" + "9" * 5000 + "mz"


def test_long_output_is_cut():
    (output,) = outputs_of(new_output("stream", text="x" * 1_000_000))
    assert output.text == "x" * 100_000 + "\n... cut off here"


def test_metadata_is_what_nbgrader_needs():
    about = {"grade": True, "solution": False, "locked": True, "task": False, "schema_version": 3}
    about |= {"grade_id": "check_x", "points": 2, "checksum": "0" * 32, "cell_type": "code"}
    cell = new_code_cell("x", metadata={"nbgrader": about, "tags": ["demo"], "collapsed": True, "evil": 1})
    nb = new_notebook(
        cells=[cell], metadata={"kernelspec": {"name": "python3", "display_name": "P", "language": "python"}}
    )
    done = cleaned(nb)
    assert done.cells[0].metadata == {"nbgrader": about, "tags": ["demo"]}
    assert done.metadata == nb.metadata
    bad = cleaned(payloads.notebook(markdown=False))
    assert bad.metadata == {}
    assert [dict(cell.metadata) for cell in bad.cells[:3]] == [{"tags": ["demo"]}, {}, {}]
