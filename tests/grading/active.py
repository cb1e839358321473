"""What in a page of HTML can act."""

from collections import Counter
from html.parser import HTMLParser

ACTIVE = frozenset(
    {"script", "iframe", "frame", "object", "embed", "applet", "svg", "math", "style", "link", "meta", "base", "form"}
    | {"input", "button", "textarea", "select", "video", "audio", "source", "template", "portal", "marquee", "noscript"}
)


class Inventory(HTMLParser):
    """What in a page can act: elements, handlers, and addresses that are no plain ones."""

    def __init__(self, page):
        super().__init__()
        self.found = Counter()
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag == "input" and {name for name, _ in attrs} <= {"class", "type", "disabled", "checked"}:
            return  # a box in a list of tasks, which does nothing
        if tag in ACTIVE:
            self.found[tag] += 1
        for name, value in attrs:
            address = "".join((value or "").lower().split())
            if name.startswith("on") or name in ("srcdoc", "formaction", "background"):
                self.found[name] += 1
            elif name in ("href", "src", "action", "data", "xlink:href") and tag not in ("script", "link"):
                harmless = address.startswith(("https:", "http:", "mailto:", "#", "data:image/png", "data:image/jpeg"))
                if not harmless and (":" in address or address.startswith(("/", "."))):
                    self.found[f"{name}={address[:60]}"] += 1
            elif name in ("id", "name") and "cell-id" not in address and tag not in ("h1", "h2", "h3"):
                self.found[f"{name}={address[:60]}"] += 1
            elif name == "style" and ("url" in address or "position" in address):
                self.found[f"style={address[:60]}"] += 1
            elif (name.startswith("data-") and name != "data-mime-type") or (name == "class" and "mermaid" in address):
                self.found[f"{name}={address[:60]}"] += 1

    handle_startendtag = handle_starttag
