"""What is a host name, and what is not. Pure."""

import ipaddress
import re

from jarvis.errors import InvalidInput

_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_EXAMPLE = "Give a name like mysite.localhost or www.example.com."


def _refuse(text: str, why: str, hint: str = _EXAMPLE) -> InvalidInput:
    return InvalidInput(f"“{text[:100]}” is not a domain: {why}.", hint, {"field": "domain"})


def _ascii(text: str) -> str:
    try:
        return text.encode("idna").decode("ascii") if not text.isascii() else text
    except UnicodeError as error:
        raise _refuse(text, "its letters cannot be written in DNS") from error


def host(text: str) -> str:
    """`text` as a host name in the form DNS knows: lower case, no final dot, IDN as `xn--…`.

    Raises:
        InvalidInput: It is not a host name; the sentence says why.
    """
    name = text.strip()
    if "://" in name or "/" in name:
        raise _refuse(text, "it is an address", "Give the name alone, without http:// and without a path.")
    if re.fullmatch(r"[^:]+:\d+", name):
        raise _refuse(text, "it carries a port", "Give the name alone; the port comes from --http-port.")
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        pass
    else:
        raise _refuse(text, "it is an IP address")
    name = _ascii(name).lower().removesuffix(".")
    labels = name.split(".")
    if "*" in labels:
        raise _refuse(text, "a wildcard stands for many names", "Give each name by itself.")
    if len(name) > 253:
        raise _refuse(text, "it is longer than 253 characters")
    if len(labels) < 2:
        bare = _LABEL.fullmatch(name) and name != "localhost"
        raise _refuse(text, "it has no dot", f"Did you mean {name}.localhost?" if bare else _EXAMPLE)
    for label in labels:
        if not _LABEL.fullmatch(label):
            raise _refuse(
                text, f"the part “{label[:70]}” is empty, too long or has a sign that names cannot have"
            )
    if labels[-1].isdigit():
        raise _refuse(text, "its last part is a number")
    return name


def is_local(name: str) -> bool:
    """True for names below `localhost`, which always mean this machine (RFC 6761, section 6.3)."""
    return name == "localhost" or name.endswith(".localhost")
