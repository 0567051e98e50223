"""The file `_headers`, as Netlify and Cloudflare Pages know it: a path, then `Name: value` or `! Name`."""

import re
from typing import Any

from jarvis.mark import RULE_FILES
from jarvis.proxy.gate import pattern
from jarvis.proxy.rules.remark import Remark, lines, refusal

Json = dict[str, Any]

FILE = RULE_FILES[1]
LONGEST, MOST = 2000, 5000
_REFUSED = """accept-ranges age allow alt-svc connection content-encoding content-length content-range date
    etag host keep-alive last-modified location proxy-authenticate server te trailer transfer-encoding upgrade
    via www-authenticate"""
REFUSED = frozenset(_REFUSED.split())
"""What only the server itself can know."""
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_FORM = "Write a path alone in its line, and below it, indented: Name: value."


def read(content: bytes) -> tuple[list[Json], list[Remark]]:
    """The rules of the file in their order, and the lines that are left out.

    Raises:
        InvalidInput: A line cannot be meant, or would do harm.
    """
    blocks: list[Json] = []
    remarks: list[Remark] = []
    block: Json | None = None
    for number, line in enumerate(lines(FILE, content, LONGEST, MOST), 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        if line[0].isspace() or text.startswith("!"):
            if block is None:
                raise refusal(FILE, number, "it belongs to no path", _FORM)
            _add(block, remarks, number, text)
        elif "://" in text.split()[0]:
            remarks.append(Remark(FILE, number, "it is about another domain, so it is left out"))
            block = {"path": "", "set": [], "drop": []}
        else:
            if why := pattern.wrong(text):
                raise refusal(FILE, number, f"“{text[:80]}” cannot be matched: {why}", _FORM)
            block = {"path": text, "set": [], "drop": []}
            blocks.append(block)
    return [one for one in blocks if one["set"] or one["drop"]], remarks


def _add(block: Json, remarks: list[Remark], number: int, text: str) -> None:
    if text.startswith("!"):
        name = text[1:].strip()
        _check_name(number, name)
        block["drop"].append(name)
        return
    name, mark, value = text.partition(":")
    name, value = name.strip(), value.strip()
    if not mark:
        raise refusal(FILE, number, "there is no “:” in it", _FORM)
    _check_name(number, name)
    if name.lower() == "basic-auth":
        raise refusal(
            FILE,
            number,
            "the password would be shown to every visitor",
            "Who may see a site is a setting: logins.",
        )
    if name.lower() in REFUSED or name.lower().startswith("jarvis-"):
        remarks.append(Remark(FILE, number, f"{name} is what only the server can say, so it is left out"))
        return
    if any(ord(sign) < 32 and sign != "\t" for sign in value):
        raise refusal(FILE, number, "the value has a control sign in it", "Delete it.")
    if not value:
        raise refusal(FILE, number, f"{name} has no value", f"To leave a header out, write: ! {name}")
    block["set"].append([name, value])


def _check_name(number: int, name: str) -> None:
    if not _NAME.fullmatch(name):
        raise refusal(FILE, number, f"“{name[:80]}” is no name of a header", _FORM)
