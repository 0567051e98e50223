"""Takes secrets out of what programs say, before anything is written.

The secrets that Jarvis handed to the program are known, so they are found in whatever form they usually take
and over the ends of lines; keys and tokens of well-known shapes are found by these. All of it is a search for
plain texts, whose time grows with the text and not with its square.
"""

import base64
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import accumulate, chain
from urllib.parse import quote, quote_plus

from jarvis.analysis.secrets.tokens import KEYS, Token, pattern

MARK = "•••"
SHORTEST = 6
"""Signs below which a secret is left: it would be found in every second word."""
_LINE = 8
"""The same for one line of a secret that has several."""
_SHAPE = 512
"""Signs within which a token of a well-known shape is found when a line is cut."""
_HEAD = 3
"""Signs of a secret at the end of a line with which a secret may have begun there."""
_NAME = 64
"""Signs before a key that belong to the token."""
_KEY_LINES = 100
"""Lines of a private key; more of them are no key any more."""

Span = tuple[int, int]

_WITHIN = (
    ("://", re.compile(r"://[^\s:/@\"'`<>?#]{0,256}:([^\s/@\"'`<>]{1,256})@")),
    (
        "uthorization",
        re.compile(
            r"[Aa]uthorization[\"']?\s{0,8}[:=]\s{0,8}[\"']?(?:[Bb]earer|[Tt]oken|[Bb]asic)\s{1,8}([\w.~+/=-]{8,})"
        ),
    ),
    ("eyJ", re.compile(r"(eyJ(?<![\w.-]eyJ)[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,})")),
)
"""Shapes known by what stands around them; the group is the secret."""
_BEGIN = re.compile(r"-----BEGIN (?:[A-Z0-9]+ ){0,2}PRIVATE KEY(?: BLOCK)?-----")
_END = re.compile(r"-----END (?:[A-Z0-9]+ ){0,2}PRIVATE KEY(?: BLOCK)?-----")


def forms(secret: str) -> set[str]:
    """The ways in which a secret may be written."""
    lines = [line.strip() for line in secret.splitlines()]
    plain = {secret, secret.strip(), "".join(lines)}
    if len(lines) > 1:
        plain |= {line for line in lines if len(line) >= _LINE}
    plain = {text for text in plain if len(text) >= SHORTEST}
    return plain.union(*(_written(text) for text in plain))


def _written(text: str) -> Iterator[str]:
    raw = text.encode("utf-8", "surrogatepass")
    for quoted in (quote(raw, safe=""), quote(raw), quote_plus(raw)):
        yield quoted
        yield re.sub("%..", lambda found: found[0].lower(), quoted)
    for as_ascii in (True, False):
        escaped = json.dumps(text, ensure_ascii=as_ascii)[1:-1]
        yield escaped
        yield escaped.replace("/", "\\/")
    yield escape(text)
    for shift in range(3):  # where in the whole the secret stands decides how it is cut into sextets
        whole = base64.b64encode(bytes(shift) + raw).decode()
        own = whole[-(-8 * shift // 6) : 8 * (shift + len(raw)) // 6]
        yield own
        yield own.replace("+", "-").replace("/", "_")


def _masked(text: str, spans: Iterable[Span]) -> str:
    parts: list[str] = []
    at = 0
    for begin, end in _merged(spans):
        parts += (text[at:begin], MARK)
        at = end
    return "".join([*parts, text[at:]])


def _merged(spans: Iterable[Span]) -> Iterator[Span]:
    """The same spans in order, with those that overlap made one."""
    last: Span | None = None
    for begin, end in sorted(spans):
        if last is not None and begin < last[1]:
            last = (last[0], max(end, last[1]))
            continue
        if last is not None:
            yield last
        last = (begin, end)
    if last is not None:
        yield last


class Redactor:
    """Knows some secrets, and the shapes of others.

    Args:
        secrets: What must not be read by anybody; those below `SHORTEST` signs are left out.

    Attributes:
        longest: Signs that must be seen together to find a secret.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        found = set(chain.from_iterable(forms(secret) for secret in set(secrets) if len(secret) >= SHORTEST))
        self._forms = sorted(form for form in found if len(form) >= SHORTEST)
        self.longest = max([_SHAPE, *map(len, self._forms)])

    def text(self, text: str) -> str:
        """`text` without secrets."""
        spans = chain(self.known(text), self.shapes(text, self.tokens(text)), _private_keys(text))
        return _masked(text, spans)

    def known(self, text: str) -> Iterator[Span]:
        """Where the secrets that were given stand."""
        for form in self._forms:
            at = text.find(form)
            while at >= 0:
                yield at, at + len(form)
                at = text.find(form, at + 1)

    def unfinished(self, text: str) -> int:
        """Where a secret begins that may go on after the end; the length of `text` when there is none."""
        first = len(text)
        for form in self._forms:
            begin = max(0, len(text) - len(form) + 1)
            at = text.find(form[:_HEAD], begin, first + _HEAD)
            while at >= 0:
                if form.startswith(text[at:]):
                    first = min(first, at)
                    break
                at = text.find(form[:_HEAD], at + 1)
        return first

    def tokens(self, text: str) -> list[tuple[str, Token]]:
        """The shapes of which `text` holds the beginning."""
        return [(key, token) for key, token in KEYS if key in text]

    def shapes(self, text: str, tokens: Iterable[tuple[str, Token]]) -> Iterator[Span]:
        """Where something stands that has one of these shapes, or a password in an address."""
        for key, token in tokens:
            if key in text:
                for found in pattern(token, key).finditer(text):
                    yield (_name(text, found.start()) if token.before else found.start()), found.end()
        for key, shape in _WITHIN:
            if key in text:
                yield from (found.span(1) for found in shape.finditer(text))


def _name(text: str, at: int) -> int:
    """Where the word begins that ends before `at`."""
    least = max(0, at - _NAME)
    while at > least and (text[at - 1].isalnum() or text[at - 1] in "._~-"):
        at -= 1
    return at


def _private_keys(text: str) -> Iterator[Span]:
    at = 0
    while (found := _BEGIN.search(text, at)) is not None:
        end = _END.search(text, found.end())
        at = end.end() if end else len(text)
        yield found.start(), at


class Passages:
    """Takes the secrets out of lines as they come, by and by, from several streams of a program.

    Args:
        redactor: What it looks for.
    """

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self._before: defaultdict[str, str] = defaultdict(str)
        self._key: defaultdict[str, int] = defaultdict(int)

    def redact(self, lines: Sequence[tuple[str, str]], *, hold: bool) -> list[str]:
        """The next lines without secrets.

        Args:
            lines: Pairs of stream and text.
            hold: Leave out the last ones when a secret may begin there: give them again with the next ones.
        """
        spans: list[list[Span]] = [[] for _ in lines]
        keep = len(lines)
        for stream in {stream for stream, _ in lines}:
            keep = min(keep, self._across(stream, lines, spans, hold=hold))
        tokens = self._redactor.tokens("\n".join(text for _, text in lines[:keep]))
        done: list[str] = []
        for (stream, text), found in zip(lines[:keep], spans, strict=False):
            self._before[stream] = (self._before[stream] + text)[-self._redactor.longest :]
            own = chain(found, self._redactor.shapes(text, tokens), self._private_key(stream, text))
            done.append(_masked(text, own))
        return done

    def _across(
        self, stream: str, lines: Sequence[tuple[str, str]], spans: list[list[Span]], *, hold: bool
    ) -> int:
        """Find the given secrets over the ends of lines. Returns how many lines may be told."""
        places = [place for place, (name, _) in enumerate(lines) if name == stream]
        before = self._before[stream]
        whole = before + "".join(lines[place][1] for place in places)
        ends = list(accumulate((len(lines[place][1]) for place in places), initial=len(before)))
        at = 0
        for begin, end in _merged(self._redactor.known(whole)):
            while at < len(places) - 1 and ends[at + 1] <= begin:
                at += 1
            for number in range(at, len(places)):
                if ends[number] >= end:
                    break
                low, high = max(begin, ends[number]), min(end, ends[number + 1])
                if low < high:
                    spans[places[number]].append((low - ends[number], high - ends[number]))
        first = self._redactor.unfinished(whole) if hold else len(whole)
        held = (place for number, place in enumerate(places) if ends[number + 1] > first)
        return next(held, len(lines))

    def _private_key(self, stream: str, text: str) -> Iterator[Span]:
        """A private key from its first line to its last one."""
        begin = 0
        if not self._key[stream]:
            found = _BEGIN.search(text)
            if found is None:
                return
            begin, self._key[stream] = found.start(), _KEY_LINES
        end = _END.search(text, begin)
        self._key[stream] = 0 if end else self._key[stream] - 1
        yield begin, end.end() if end else len(text)
