"""Which addresses may be told. Pure: names are resolved elsewhere.

Private and loopback addresses are allowed: at home the receiver is the machine beside this one, or this one.
What is refused is what no receiver has and what only programs of this machine should reach.
"""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from jarvis.errors import InvalidInput

LONGEST = 2000
PORTS = {"http": 80, "https": 443}

METADATA = frozenset(
    map(
        ip_address,
        (
            "100.100.100.200",  # Alibaba
            "168.63.129.16",  # Azure
            "192.0.0.192",  # Oracle
            "fd00:ec2::254",  # Amazon
            "fd20:ce::254",  # Google
        ),
    )
)
"""Where clouds hand out the machine's own keys, beside 169.254.169.254, which is link-local."""

_NAT64 = ip_network("64:ff9b::/96")
_OLD_FORM = ip_network("::/96")
"""IPv4 addresses written as IPv6 (`::127.0.0.1`)."""
_THIS_NETWORK = ip_network("0.0.0.0/8")
_NAME_SIGNS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-_:")


def check(url: str) -> SplitResult:
    """The parts of `url`.

    Raises:
        InvalidInput: It is no address that can be told.
    """
    if len(url) > LONGEST:
        raise _wrong(f"The address has {len(url)} signs; at most {LONGEST} are taken.")
    if not url.isascii() or not url.isprintable() or set(url) & set(' \\"<>'):
        raise _wrong("The address has signs that no address has.", "Percent-encode them; xn-- for names.")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise _wrong("The address cannot be read.", "Such as https://example.org/hook.") from error
    if parts.scheme not in PORTS or not host:
        raise _wrong("The address must begin with http:// or https:// and a name.")
    if "@" in parts.netloc:
        raise _wrong(
            "The address holds a user or a password.",
            "Leave it out: the receiver knows Jarvis by the signature.",
        )
    if port == 0 or not set(host) <= _NAME_SIGNS:
        raise _wrong("The name or the port of the address cannot be one.")
    if "#" in url:
        raise _wrong("The address has a part behind #, which is never sent.", "Leave it out.")
    try:
        literal = ip_address(host)
    except ValueError:
        return parts
    if reason := refusal(str(literal)):
        raise _wrong(f"{host} is {reason}; webhooks are not sent there.", "Give the receiver's own address.")
    return parts


def _wrong(sentence: str, hint: str = "") -> InvalidInput:
    return InvalidInput(sentence, hint, {"field": "url"})


def port_of(parts: SplitResult) -> int:
    """The port that is meant."""
    return parts.port or PORTS[parts.scheme]


def refusal(address: str) -> str:
    """What the IP address is that nothing is sent to it; empty when it may be told."""
    found = ip_address(address.partition("%")[0])
    for each in (found, *_within(found)):
        if each.is_link_local:
            return "a link-local address"
        if each in METADATA:
            return "an address where clouds keep the machine's keys"
        if each.is_multicast or (isinstance(each, IPv4Address) and each.is_reserved):
            return "an address of many machines"
        if each.is_unspecified or each in _THIS_NETWORK:
            return "no machine's address"
    return ""


def _within(address: IPv4Address | IPv6Address) -> list[IPv4Address]:
    """The IPv4 addresses that a packet to the IPv6 address may end at."""
    if isinstance(address, IPv4Address):
        return []
    found = [each for each in (address.ipv4_mapped, address.sixtofour) if each is not None]
    found += address.teredo or ()
    if address in _NAT64 or (address in _OLD_FORM and int(address) > 1):  # ::1 is this machine, :: is nobody
        found.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return found
