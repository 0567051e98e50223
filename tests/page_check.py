"""Reads a page as a strict person would: its structure, and what must not be in it."""

from html.parser import HTMLParser

VOID = {"meta", "link", "input", "br", "img", "use", "path", "rect", "circle"}


class Page(HTMLParser):
    """The tags of a page.

    Attributes:
        tags: Tag names with their attributes, in order.
        open: Tags that are open; anything left at the end was never closed.
        faults: What is wrong.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.faults: list[str] = []
        self.feed(text)
        self.close()
        self._judge()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes something else")

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of all `tag` elements."""
        return [attributes for name, attributes in self.tags if name == tag]

    def _judge(self) -> None:
        self.faults += [f"<{tag}> is never closed" for tag in self.open]
        self.faults += [
            f"{tag}: {len(self.all(tag))}" for tag in ("h1", "main", "title") if len(self.all(tag)) != 1
        ]
        ids = [attributes["id"] for _, attributes in self.tags if "id" in attributes]
        self.faults += [f"id {name} twice" for name in {name for name in ids if ids.count(name) > 1}]
        for tag, attributes in self.tags:
            if tag == "style" or (tag == "script" and not attributes.get("src")):
                self.faults.append(f"inline <{tag}>")
            self.faults += [
                f"{tag} {name}" for name in attributes if name == "style" or name.startswith("on")
            ]
            for name in ("src", "href", "action"):
                address = attributes.get(name) or ""
                if address.startswith(("javascript:", "data:", "//")):
                    self.faults.append(f"{tag} {name}={address}")
