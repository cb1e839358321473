"""What tries to run in a grader's browser: each payload calls ACT, or loads something, if it gets through."""

from __future__ import annotations

import base64

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell

ACT = "top.acted=1"
SVG = f"<svg xmlns='http://www.w3.org/2000/svg' onload='{ACT}'><script>{ACT}</script></svg>"
_SVG64 = base64.b64encode(SVG.encode()).decode()
_HTML64 = base64.b64encode(f"<script>{ACT}</script>".encode()).decode()

MARKDOWN = {
    "script": f"<script>{ACT}</script>",
    "script in a paragraph": f"hello <script>{ACT}</script> there",
    "script in capitals": f"<ScRiPt >{ACT}</sCrIpT >",
    "script without an end": f"<script src=data:text/javascript,{ACT}>",
    "script from elsewhere": "<script src=https://evil.test/x.js></script>",
    "image with onerror": f"<img src=x onerror={ACT}>",
    "image with onerror and slashes": f"<img/src=x/onerror={ACT}//",
    "image whose quotes are broken": f'<img """><script>{ACT}</script>">',
    "image in the title of a link": f'[a](b "x\\"><img src=x onerror={ACT}>")',
    "image in a picture's text": f'![x" onerror="{ACT}](x.png)',
    "image in a picture's address": f'![x](x"onerror="{ACT})',
    "svg": SVG,
    "svg in a picture": f"![x](data:image/svg+xml;base64,{_SVG64})",
    "svg in an object": f"<object data='data:image/svg+xml;base64,{_SVG64}'></object>",
    "math element": f"<math><mtext></mtext><mglyph><style><!--</style><img title='--><img src=x onerror={ACT}>'>",
    "iframe": f"<iframe src='javascript:{ACT}'></iframe>",
    "iframe with a page": f'<iframe srcdoc="<script>{ACT}</script>"></iframe>',
    "embed": f"<embed src='data:text/html;base64,{_HTML64}'>",
    "body with onload": f"<body onload={ACT}>",
    "form": "<form action=/formgrader/api/grade><input name=score value=9 autofocus><button>x</button></form>",
    "input with onfocus": f"<input autofocus onfocus={ACT}>",
    "button": f"<button formaction=javascript:{ACT}>x</button>",
    "details with ontoggle": f"<details open ontoggle={ACT}><summary>x</summary></details>",
    "video": f"<video><source onerror={ACT}></video>",
    "marquee": f"<marquee onstart={ACT}>x</marquee>",
    "style element": "<style>body{display:none}</style>",
    "style attribute": "<p style='position:fixed;top:0;left:0;width:100%;height:100%;background:red'>x</p>",
    "style that loads": "<p style=\"background:url('https://evil.test/x')\">x</p>",
    "stylesheet": "<link rel=stylesheet href=https://evil.test/x.css>",
    "meta refresh": f"<meta http-equiv=refresh content='0;url=javascript:{ACT}'>",
    "base": "<base href=https://evil.test/>",
    "template": f"<template><script>{ACT}</script></template>",
    "comment that ends early": f"<!--><script>{ACT}</script>-->",
    "conditional comment": f"<!--[if true]><script>{ACT}</script><![endif]-->",
    "cdata": f"<![CDATA[><script>{ACT}</script>]]>",
    "noscript": f"<noscript><p title='</noscript><img src=x onerror={ACT}>'></noscript>",
    "textarea": f"<textarea><p title='</textarea><img src=x onerror={ACT}>'></textarea>",
    "title": f"<title><p title='</title><img src=x onerror={ACT}>'></title>",
    "select": f"<select><template><img src=x onerror={ACT}></template></select>",
    "link": f"[x](javascript:{ACT})",
    "link in capitals": f"[x](JaVaScRiPt:{ACT})",
    "link with an entity": f"[x](javascript&#58;{ACT})",
    "link with a named entity": f"[x](javascript&colon;{ACT})",
    "link with a tab": f"<a href='java\tscript:{ACT}'>x</a>",
    "link with an encoded tab": f"<a href='java&Tab;script:{ACT}'>x</a>",
    "link with a control character": f"<a href='\x01javascript:{ACT}'>x</a>",
    "link with a blank before it": f"[x]( <  javascript:{ACT}>)",
    "link in angles": f"<javascript:{ACT}>",
    "link to data": f"[x](data:text/html;base64,{_HTML64})",
    "link to vbscript": "[x](vbscript:msgbox)",
    "link to a file": "[x](file:///etc/passwd)",
    "link of the server": "[x](/hub/logout)",
    "link without a scheme": "[x](//evil.test/)",
    "link to a page that was submitted": "[x](evil.html)",
    "link that nbconvert shortens": f"[x](files/javascript:{ACT})",
    "link that nbconvert shortens, in markup": f"<a href='/files/javascript:{ACT}'>x</a>",
    "link to the server that nbconvert shortens": "[x](files///evil.test/x.ipynb)",
    "picture that nbconvert shortens": "![x](files///evil.test/x.png)",
    "link by reference": f"[x][1]\n\n[1]: javascript:{ACT}",
    "link by reference in angles": f"[x]\n\n[x]: <javascript:{ACT}>",
    "picture by reference": f"![x][1]\n\n[1]: javascript:{ACT}",
    "picture from elsewhere": "![x](https://evil.test/pixel.png)",
    "picture that logs out": "![x](/hub/logout)",
    "picture of the folder above": "![x](../../../hub/logout.png)",
    "picture that is a page": f"![x](data:text/html;base64,{_HTML64})",
    "attachment that is not there": "![x](attachment:nowhere.png)",
    "attachment that is an svg": "![x](attachment:evil.png)",
    "mermaid": "```mermaid\ngraph TD\nA-->B\n```",
    "mermaid with a script": f"```mermaid\n<script>{ACT}</script>\n```",
    "code in a language that is markup": f'```"><script>{ACT}</script>\nx\n```',
    "formula with a link": f"$\\href{{javascript:{ACT}}}{{x}}$",
    "formula with an encoded link": f"$\\&#104;ref{{javascript:{ACT}}}{{x}}$",
    "formula with a link behind an escaped dollar": f"\\$5 $\\href{{javascript:{ACT}}}{{x}}$",
    "formula with a link over two lines": f"<kbd>&#36;\\href<br>\n{{javascript:{ACT}}}{{x}}&#36;</kbd>",
    "formula with markup": f"$<img src=x onerror={ACT}>$",
    "display formula with markup": f"$$\n<script>{ACT}</script>\n$$",
    "environment with markup": f"\\begin{{equation}}<img src=x onerror={ACT}>\\end{{equation}}",
    "formula with an id": "$\\cssId{x}{y} \\class{z}{y} \\style{color:red}{y}$",
    "formula with a link by another name": f"$\\let\\x=\\href \\x{{javascript:{ACT}}}{{y}}$",
    "formula with a link by a definition": f"$\\def\\x{{\\href}}\\x{{javascript:{ACT}}}{{y}}$",
    "formula with a link by a new command": f"$\\newcommand*{{\\x}}{{\\href}}\\x{{javascript:{ACT}}}{{y}}$",
    "formula with a link whose name is put together": f"$\\csname hr\\string ef\\endcsname{{javascript:{ACT}}}{{y}}$",
    "formula that loads an extension": "$\\require{action}$",
    "markup in a table": f"|a|b|\n|-|-|\n|<img src=x onerror={ACT}>|<script>{ACT}</script>|",
    "markup in a heading": f"# <img src=x onerror={ACT}>",
    "markup in a list": f"- [x] <img src=x onerror={ACT}>",
    "markup in a quote": f"> <script>\n> {ACT}\n> </script>",
    "name of a variable of the page": "<a id=formgrader name=csrf>x</a><img name=base_url>",
    "data attribute of the page": "<div data-toggle=modal data-target='#x' class='modal in'>x</div>",
    "an honest block that goes on": f"<div>x</div><script>{ACT}</script>",
    "a block that looks cleaned": f"<div><p>x</p>&#10;<script>{ACT}</script></div>",
    "a fence that ends early": f"```text\nx\n```\n<script>{ACT}</script>\n```",
    "twenty thousand brackets": "[" * 20_000 + f"<script>{ACT}</script>",
    "twenty thousand formulas": "\\\\[" * 7_000 + f"<script>{ACT}</script>",
}  # fmt: skip

DATA = {
    "text/html": f"<script>{ACT}</script>",
    "image/svg+xml": SVG,
    "application/javascript": ACT,
    "text/markdown": f"<img src=x onerror={ACT}>",
    "text/latex": f"$\\href{{javascript:{ACT}}}{{x}}$",
    "text/vnd.mermaid": f"<script>{ACT}</script>",
    "application/pdf": "JVBERi0=",
    "application/vnd.jupyter.widget-view+json": {"model_id": f"</script><script>{ACT}</script>"},
    "image/png": f'x"><script>{ACT}</script>',
    "image/jpeg": base64.b64encode(SVG.encode()).decode(),
    "application/x-evil": f"<script>{ACT}</script>",
}
TEXTS = [
    f"<script>{ACT}</script>",
    f"\x1b[31m<img src=x onerror={ACT}>\x1b[0m",
    f"\x1b[38;2;1;2;3\"onclick={ACT}m text",
    f"\x1b]8;;javascript:{ACT}\x07x\x1b]8;;\x07",
    "\x1b[" + "9" * 5000 + "m x",
    f"\x00\x08</pre><script>{ACT}</script>",
]  # fmt: skip


def notebook(*, markdown: bool = True) -> NotebookNode:
    """All of it in one notebook."""
    evil = f"\"><script>{ACT}</script><a x='"
    cells = [new_markdown_cell(text) for text in MARKDOWN.values()] if markdown else []
    for cell in cells:
        cell["attachments"] = {"evil.png": {"image/svg+xml": SVG}, evil: {"image/png": evil}}
    texts = [new_output("stream", name=name, text=text) for text in TEXTS for name in ("stdout", "stderr")]
    errors = [new_output("error", ename=text, evalue=text, traceback=[text, text]) for text in TEXTS]
    results = [new_output("execute_result", data={kind: data}, execution_count=1) for kind, data in DATA.items()]
    shown = [new_output("display_data", data={kind: data, "text/plain": "x"}) for kind, data in DATA.items()]
    for output in shown:
        output.metadata = {
            "filenames": {"image/png": evil},
            "image/png": {"width": evil, "height": evil, "alt": evil, "unconfined": True},
            "text/html": {"isolated": True},
        }
    for output in results:
        output.execution_count = evil
    code = new_code_cell(f"x = '</pre><script>{ACT}</script>'\n%%html\n<script>{ACT}</script>")
    code.outputs = [*texts, *errors, *results, *shown, {"output_type": evil, "data": {"text/html": evil}}]
    code.execution_count = evil
    code.metadata = {"magics_language": evil, "tags": [evil, "demo"], "nbgrader": {"grade_id": evil, "grade": True}}
    raws = [
        new_raw_cell(f"<script>{ACT}</script>"),
        new_raw_cell(SVG, metadata={"raw_mimetype": "text/html", "format": "text/html"}),
    ]
    known = new_code_cell("y = 1", metadata={"nbgrader": {"grade_id": "y", "comment": evil, "points": evil}})
    nb = new_notebook()  # without cells, or nbformat would find fault with them
    nb.cells = [*cells, code, *raws, known]
    nb.metadata = {
        "title": evil,
        "authors": [{"name": evil}],
        "kernelspec": {"name": evil, "display_name": evil, "language": evil},
        "language_info": {"name": evil, "pygments_lexer": evil, "codemirror_mode": evil, "mimetype": evil},
        "widgets": {"application/vnd.jupyter.widget-state+json": {"state": {"x": f"</script><script>{ACT}"}}},
    }
    return nb
