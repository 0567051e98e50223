"""The file `_redirects`, as Netlify and Cloudflare Pages know it: `FROM [name=value …] TO [STATUS[!]]`."""

import re
from typing import Any
from urllib.parse import urlsplit

from jarvis.mark import RULE_FILES
from jarvis.proxy.gate import pattern
from jarvis.proxy.rules.remark import Remark, lines, refusal

Json = dict[str, Any]

FILE = RULE_FILES[0]
STATUSES = (200, 301, 302, 303, 307, 308, 404)
LONGEST, MOST = 1000, 5000
_STATUS = re.compile(r"(\d{1,4})(!?)")
_CONDITION = re.compile(r"(?:Country|Language|Role|Cookie)=", re.IGNORECASE)
_PARAMETER = re.compile(r"([^=/:?#\s]+)=([^\s]*)")
_FORM = "Write: /from /to 301."


def read(content: bytes) -> tuple[list[Json], list[Remark]]:
    """The rules of the file in their order, and the lines that are left out.

    Raises:
        InvalidInput: A line cannot be meant, or would do harm.
    """
    rules: list[Json] = []
    remarks: list[Remark] = []
    for number, line in enumerate(lines(FILE, content, LONGEST, MOST), 1):
        words = _words(line)
        if not words:
            continue
        if why := _left_out(words):
            remarks.append(Remark(FILE, number, why))
        else:
            rules.append(_rule(number, words))
    return rules, remarks


def _words(line: str) -> list[str]:
    found: list[str] = []
    for word in line.split():
        if word.startswith("#"):
            break
        found.append(word)
    return found


def _left_out(words: list[str]) -> str:
    """Why a line that means something elsewhere is not for us; empty when it is."""
    if "://" in words[0]:
        return "it is about another domain, so it is left out. Domains are settings: domains, www"
    if any(_CONDITION.match(word) for word in words[1:]):
        return "conditions by country, language, role or cookie are not known, so it is left out"
    if any(word.startswith("/.netlify/") for word in words):
        return "there are no functions here, so it is left out"
    return ""


def _rule(number: int, words: list[str]) -> Json:
    source, *rest = words
    if why := pattern.wrong(source):
        raise refusal(FILE, number, f"“{source}” cannot be matched: {why}", _FORM)
    status, force = 301, False
    if len(rest) > 1 and (found := _STATUS.fullmatch(rest[-1])):
        status, force = int(found[1]), bool(found[2])
        rest = rest[:-1]
    if status not in STATUSES:
        known = ", ".join(map(str, STATUSES))
        raise refusal(FILE, number, f"{status} is no status of a redirect", f"One of {known}.")
    query: dict[str, str] = {}
    while len(rest) > 1:
        found = _PARAMETER.fullmatch(rest[0])
        if found is None:
            raise refusal(FILE, number, f"“{rest[0]}” is neither a part of the query nor the target", _FORM)
        query[found[1]] = found[2]
        rest = rest[1:]
    if not rest:
        raise refusal(FILE, number, "it does not say where to", _FORM)
    target = rest[0]
    _check_target(number, target, status)
    taken = pattern.names(source) | {value[1:] for value in query.values() if value.startswith(":")}
    for name in pattern.PLACEHOLDER.findall(_without_port(target)):
        if name not in taken:
            raise refusal(FILE, number, f"“:{name}” is not taken from {source}", f"Put it into {source}.")
    return {"line": number, "from": source, "query": query, "to": target, "status": status, "force": force}


def _without_port(target: str) -> str:
    return target.partition("://")[2] if "://" in target else target


def _check_target(number: int, target: str, status: int) -> None:
    if any(ord(sign) < 32 or sign in '"<>\\' for sign in target):
        raise refusal(FILE, number, "the target has a sign that no address has", "Write it as %xx.")
    if target.startswith("/") and not target.startswith("//"):
        return
    try:
        parts = urlsplit(target)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise refusal(FILE, number, f"“{target}” is no target", "A path that begins with one /, or https://…")
    if status in {200, 404}:
        raise refusal(
            FILE,
            number,
            f"an answer with {status} cannot be taken from another server",
            "Let a service of this Jarvis answer there: the setting routes.",
        )
    if pattern.PLACEHOLDER.search(parts.netloc) or "@" in parts.netloc:
        raise refusal(
            FILE,
            number,
            "the visitor would choose which server it leads to",
            "Write the name of the server itself.",
        )
