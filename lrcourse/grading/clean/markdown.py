"""Markdown that shows what a student wrote and can do nothing.

Honest text stays as it is, letter by letter. Where nbconvert would make something active of a text, or something that
cannot be judged, its harmless HTML takes its place; where even that fails, the text itself is shown as it was typed.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping

import nh3
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

LONGEST = 100_000  # characters
WIDEST = 200  # characters of a line of text shown as typed: nbconvert's filters look through a line from every bracket
MOST_WORK = 20_000_000  # about two seconds at worst, a few milliseconds for a page of honest text
_MAGIC = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
_TAGS = nh3.ALLOWED_TAGS - {"area", "map", "wbr"}  # a formula can be hidden in what wbr parts
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width", "height"},
    "ol": {"start"},
    "td": {"colspan", "rowspan", "align", "style"},
    "th": {"colspan", "rowspan", "align", "style"},
    **{tag: {"class"} for tag in ("code", "div", "li", "pre", "span")},
}
# Beside this notebook. No "//": nbconvert strips "files/" from the front of an address, whatever is behind it.
_BESIDE = r"(?!/)(?!.*//)[\w./ %-]+"
_LINK = re.compile(rf"(https?://|mailto:)[^\s\x00-\x1f]+|#[\w.-]*|{_BESIDE}\.ipynb(#[\w.%-]*)?", re.IGNORECASE)
_PICTURE = re.compile(rf"(?!.*\.\.){_BESIDE}\.(png|jpe?g)", re.IGNORECASE)
_CLASS = re.compile(r"highlight|language-[\w+-]{1,30}|task-list-item|[a-z][a-z0-9]{0,2}")  # those of nbconvert itself
_NUMBER = re.compile(r"\d{1,4}(%|px)?")
_ALIGN = re.compile(r"(text-align: ?)?(left|right|center);?")
# What MathJax, outside code, does beyond setting a formula: links, styles, ids, pictures, extensions.
_CODE = re.compile(r"(<(pre|code)\b.*?</\2>)", re.DOTALL)
_BETWEEN = r"(\s|\ufeff|<br>|%[^\n]*\n)*"
_ACTIVE_TEX = re.compile(
    r"\\(href|url|require|cssId|class|style|data|html\w*|includegraphics|mmlToken|bbox|unicode)"
    rf"(?={_BETWEEN}[\[{{])"
    # By these, what is active could be called by another name, or its name be put together.
    rf"|\\(def|let|(?:re)?new(?:command|environment)|providecommand|DeclareMathOperator|Newextarrow)"
    rf"(?=\*?{_BETWEEN}[\\{{])"
    r"|\\(csname)(?![A-Za-z])"
)
_SPELLINGS = ((" />", ">"), ("/>", ">"), ("&quot;", '"'), ("&#39;", "'"), ("&#x27;", "'"), ("\xa0", "&nbsp;"))
_BOXES = {
    '<input class="task-list-item-checkbox" type="checkbox" disabled/>': "☐ ",
    '<input class="task-list-item-checkbox" type="checkbox" disabled checked/>': "☑ ",
}


def cost(source: str) -> int:
    """How much work a text can make; of mistune's patterns each may look through the whole text from each place."""
    return len(source) * sum(source.count(sign) for sign in "[\\|*_$<~`!")


def clean_markdown(source: str, attachments: Mapping[str, Mapping[str, str]], most: int = MOST_WORK) -> str:
    """The text, or what can be shown of it, with at most so much work (`cost`). Cleaning twice is cleaning once.

    `attachments` are the cell's images, already checked (`image_data`).
    """
    if is_settled(source):
        return source
    if len(source) > LONGEST or cost(source) > most:
        return as_typed(source)
    try:
        html = _rendered(source, attachments)
        clean = _without_active_tex(_clean(html))
        if _plain(html) == _plain(clean):
            return source
    except (RecursionError, ValueError):  # what mistune and nh3 raise where they cannot make sense of a text
        return as_typed(source)
    # One line, since a blank one would end the block, and what follows would be read as markdown again.
    shown = f"<div>{clean.strip()}</div>".replace("\r", "").replace("\n", "&#10;")
    return shown if _is_one_block(shown) else as_typed(source)


def is_settled(source: str) -> bool:
    """Whether the text is what `clean_markdown` makes of one that it changes."""
    return _is_typed(source) or _is_one_block(source)


def _is_one_block(source: str) -> bool:
    """Whether it is clean HTML that passes through every renderer of markdown as it is."""
    if not source.startswith("<div>") or "\n" in source or "\r" in source or cost(source) > 4 * MOST_WORK:
        return False
    html = source.replace("&#10;", "\n")
    return _plain(html) == _plain(_without_active_tex(_clean(html)))


def as_typed(source: str) -> str:
    """Markdown that shows a text letter by letter."""
    source = source[:LONGEST] + ("\n… (cut off here)" if len(source) > LONGEST else "")
    source = re.sub(f"([^\n]{{{WIDEST}}})(?=[^\n])", r"\1\n", source.replace("\r", "\n"))
    longest = max((len(run) for run in re.findall("`+", source)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{source}\n{fence}"


def _is_typed(source: str) -> bool:
    found = re.fullmatch(r"(`{3,})text\n(.*)\n\1", source, re.DOTALL)
    return bool(found) and as_typed(found[2]) == source


def image_data(kind: str, data: object, most: int) -> str | None:
    """The base64 text of a PNG or JPEG image of at most `most` characters; None if it is anything else."""
    if kind not in _MAGIC or not isinstance(data, str) or len(data) > most:
        return None
    try:
        raw = base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    return base64.b64encode(raw).decode() if raw.startswith(_MAGIC[kind]) else None


class _Renderer(IPythonRenderer):
    """nbconvert's own; a missing image costs itself and not the whole notebook."""

    def _embed_image_or_attachment(self, src: str) -> str:
        name = src.removeprefix("attachment:")
        if name != src and name not in self.attachments:
            return ""
        return super()._embed_image_or_attachment(src)


def _rendered(source: str, attachments: Mapping[str, Mapping[str, str]]) -> str:
    renderer = _Renderer(escape=False, exclude_anchor_links=True, attachments=dict(attachments))
    html = MarkdownWithMath(renderer=renderer).render(source)
    for box, sign in _BOXES.items():
        html = html.replace(box, sign)
    return html


def _clean(html: str) -> str:
    return nh3.clean(
        html,
        tags=set(_TAGS),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        attribute_filter=_attribute,
        url_schemes={"http", "https", "mailto", "data"},
        link_rel=None,
        clean_content_tags={"script", "style"},
    )


def _attribute(tag: str, name: str, value: str) -> str | None:
    """The value of an attribute, None to leave it out."""
    if name == "href":
        return value if _LINK.fullmatch(value) else None
    if name == "src":
        return value if _PICTURE.fullmatch(value) or _is_inline_image(value) else None
    if name == "class":
        return value if all(_CLASS.fullmatch(part) for part in value.split()) else None
    if name in ("style", "align"):
        return value if _ALIGN.fullmatch(value) else None
    if name in ("width", "height", "colspan", "rowspan", "start"):
        return value if _NUMBER.fullmatch(value) else None
    return value


def _is_inline_image(value: str) -> bool:
    found = re.fullmatch(r"data:(image/(?:png|jpeg));base64,([A-Za-z0-9+/=]+)", value)
    return bool(found) and image_data(found[1], found[2], len(value)) is not None


def _plain(html: str) -> str:
    """The same for two spellings of the same HTML, as mistune and nh3 write it."""
    for spelling, other in _SPELLINGS:
        html = html.replace(spelling, other)
    return html.strip()


def _without_active_tex(html: str) -> str:
    """Clean HTML without the commands that do more than set a formula."""
    parts = _CODE.split(html)  # text, code, the code's tag, text, code ...
    for at in range(0, len(parts), 3):
        parts[at] = _ACTIVE_TEX.sub(_as_text, parts[at])
    return "".join(part for at, part in enumerate(parts) if at % 3 != 2)


def _as_text(command: re.Match[str]) -> str:
    return rf"\text{{{command[0][1:]}}}"
