"""Submissions that would run something in the browser of whoever looks at them. All carry the mark ACTIVE."""

from __future__ import annotations

from attack import RIGHT, attack
from nbformat.v4 import new_output, new_raw_cell

ACTIVE = "HOSTILE_ACTIVE"
SCRIPT = f"<script>{ACTIVE}()</script>"
HANDLER = f'<img src="x" onerror="{ACTIVE}()">'
MARKDOWN = f"""# A heading {SCRIPT}

{HANDLER}

[a link](javascript:{ACTIVE}) [another](JaVa&#115;cript:{ACTIVE}) [tab](java\tscript:{ACTIVE}) <javascript:{ACTIVE}>
[reference][r] ![picture](javascript:{ACTIVE}) [data](data:text/html,{SCRIPT}) [vb](vbscript:{ACTIVE})

<a href=" javascript:{ACTIVE}">x</a> <iframe src="javascript:{ACTIVE}"></iframe> <object data="data:text/html,{ACTIVE}">
<svg onload="{ACTIVE}()"><script>{ACTIVE}()</script></svg> <form action="javascript:{ACTIVE}"><button>x</button></form>
<style>@import "{ACTIVE}";</style> <base href="//{ACTIVE}">
<meta http-equiv="refresh" content="0;url=javascript:{ACTIVE}">
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror={ACTIVE}()&gt;">

$\\href{{javascript:{ACTIVE}}}{{x}}$ $$\\href{{javascript:{ACTIVE}}}{{y}}$$ `</code>{SCRIPT}`

```html" onclick="{ACTIVE}()
</code></pre>{SCRIPT}
```

[r]: javascript:{ACTIVE} "{HANDLER}"
"""


@attack(RIGHT)
def shows_scripts(submission):
    """Shows HTML, JavaScript, SVG, LaTeX and Markdown that would run."""
    submission.first(
        "from IPython.display import HTML, SVG, IFrame, Javascript, Latex, Markdown, display\n"
        f"for show in (HTML, Markdown, Latex, Javascript):\n    display(show({SCRIPT + HANDLER!r}))\n"
        f'display(SVG(data=\'<svg xmlns="http://www.w3.org/2000/svg" onload="{ACTIVE}()"/>\'))\n'
        f"display(IFrame('javascript:{ACTIVE}', 1, 1))\n"
        f"HTML({MARKDOWN!r})"
    )
    submission.write()


@attack(RIGHT)
def writes_active_markdown(submission):
    """Has text and raw cells with scripts, handlers and links of every kind, and active outputs from before."""
    for paragraph in MARKDOWN.split("\n\n"):
        submission.markdown(paragraph)
    submission.markdown(MARKDOWN)
    for kind in ("text/html", "html", "text/restructuredtext", ""):
        submission.nb.cells.insert(0, new_raw_cell(SCRIPT + HANDLER, metadata={"format": kind, "raw_mimetype": kind}))
    for cell in submission.nb.cells:
        if cell.cell_type == "code":
            cell.outputs = [new_output("display_data", data={"text/html": SCRIPT, "image/svg+xml": HANDLER})]
    submission.write()


@attack(RIGHT)
def brings_widgets(submission):
    """Has widgets, with their state in the notebook's metadata."""
    state = {
        "abc": {"model_name": f"</script>{SCRIPT}", "model_module": f"//{ACTIVE}/x.js", "state": {"value": SCRIPT}}
    }
    view = "application/vnd.jupyter.widget-view+json"
    submission.nb.metadata["widgets"] = {
        "application/vnd.jupyter.widget-state+json": {"version_major": 2, "version_minor": 0, "state": state}
    }
    submission.first(
        "from IPython.display import display\n"
        f"display({{'{view}': {{'model_id': 'abc', 'version_major': 2}}, 'text/html': {SCRIPT!r}}}, raw=True)"
    )
    submission.write()


@attack(RIGHT)
def writes_active_metadata(submission):
    """Has titles, tags, languages and names that break out of their places in the page."""
    breakout = f"\"'></title></script></style>{SCRIPT}{HANDLER}"
    submission.nb.metadata["title"] = breakout
    submission.nb.metadata["authors"] = [{"name": breakout}]
    submission.nb.metadata["language_info"] = {"name": breakout, "pygments_lexer": breakout, "mimetype": breakout}
    submission.nb.metadata["kernelspec"] = {"name": "python3", "display_name": breakout, "language": breakout}
    for cell in submission.nb.cells:
        cell.metadata["tags"] = [breakout, "remove_cell", "hide_input"]
        cell.metadata["slideshow"] = {"slide_type": breakout}
    submission.write()


@attack(RIGHT)
def shows_pictures_that_are_none(submission):
    """Shows pictures whose data are markup, and files attached to texts."""
    submission.markdown(f"![x](attachment:x.svg) ![y](attachment:{ACTIVE})")
    submission.nb.cells[0]["attachments"] = {"x.svg": {"image/svg+xml": SCRIPT}, "y": {"image/png": f'"{HANDLER}'}}
    submission.first(
        "from IPython.display import display\n"
        f"breakout = '\"><img src=x onerror={ACTIVE}()>'\n"
        "for kind in ('image/png', 'image/jpeg', 'image/gif', 'image/svg+xml', 'application/pdf', 'text/latex',\n"
        "             'application/javascript', 'application/vnd.plotly.v1+json', 'application/x-' + breakout):\n"
        "    display({kind: breakout}, raw=True, metadata={kind: {'width': breakout, 'height': breakout}})"
    )
    submission.write()


@attack(RIGHT)
def raises_markup(submission):
    """Prints and raises markup and escape sequences."""
    submission.first(
        f"print({SCRIPT + HANDLER!r}, '\\x1b]8;;javascript:{ACTIVE}\\x07link\\x1b]8;;\\x07')\n"
        f"print('\\x1b[31m{SCRIPT}\\x1b[0m')\n"
        f"import sys\nprint({SCRIPT!r}, file=sys.stderr)\n"
        f"class Odd(Exception): pass\nOdd.__name__ = {SCRIPT!r}\nraise Odd({HANDLER!r})"
    )
    submission.write()


@attack(RIGHT, steps="raised", purpose="could not be read")
def raises_markup_when_asked(submission):
    """Prints, raises and answers markup when it is asked, so that the grader's own report holds it."""
    submission.answer(
        purpose=f"answer_purpose = {SCRIPT + HANDLER!r}",
        steps=(
            "def steps_between_decays(*args):\n"
            f"    print({SCRIPT + HANDLER!r})\n"
            f"    raise ValueError({SCRIPT + HANDLER!r} + '\\x1b[2J\\r\\n')"
        ),
    )
    submission.write()


@attack(RIGHT)
def writes_formulas_by_another_name(submission):
    """Calls a formula's link by a name of its own, in three ways, and puts its name together in a fourth."""
    link = f"{{javascript:{ACTIVE}}}{{x}}"
    submission.markdown(
        f"$\\let\\x=\\href \\x{link}$ $\\def\\y{{\\href}}\\y{link}$ $\\newcommand{{\\z}}{{\\href}}\\z{link}$ "
        f"$\\csname hr\\string ef\\endcsname{link}$"
    )
    submission.write()
