"""Secrets known by what stands around them: keys in PEM, addresses with passwords, headers, settings."""

import base64
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from re import Match, Pattern

from jarvis.analysis.evidence import Severity
from jarvis.analysis.secrets.dummies import is_drawn, is_dummy_token, is_placeholder, is_weak


@dataclass(frozen=True, slots=True)
class Hit:
    """Where one was found; the secret itself is not kept."""

    rule: str
    severity: Severity
    at: int
    why: str


@dataclass(frozen=True, slots=True)
class Shape:
    """One way to look.

    Attributes:
        keys: Without any of these texts in a file, or in its long words, the file has none.
        whole: The keys may stand in words of any length.
        judge: What to say of a match; None for a harmless one.
    """

    keys: tuple[str, ...]
    pattern: Pattern[str]
    judge: Callable[[Match[str]], Hit | None]
    whole: bool = False


_LOCAL = re.compile(
    r"localhost$|127\.|0\.0\.0\.0|::1|\[::1\]|host\.docker\.internal|[\w-]+$|.*\.(?:local|localhost|internal|svc|test|invalid|lan)$"
    r"|(?:.*\.)?(?:example|host|domain|server|your\w*|my\w*)\.(?:com|org|net|io|dev)$",
    re.IGNORECASE,
)
_SCHEME = re.compile(
    r"(postgres(?:ql)?|mysql2?|mariadb|mongodb|rediss?|amqps?|mssql|sqlserver|clickhouse|cockroachdb|ldaps?|smtps?"
    r"|sftp|ftps?|https?|neo4j|bolt|nats|imaps?|oracle)(?:\+[\w+]+)?$",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"([\w-]{0,40}(?:api|secret|access|private|auth|client|signing|encryption)[_-]?(?:key|token|secret))[\"']?\s*"
    r"(?::|=>?|:=)\s*$",
    re.IGNORECASE,
)
_HEX = re.compile(r"[0-9a-f]{32,}")


def _private_key(match: Match[str]) -> Hit | None:
    if is_placeholder(match[2][:60]) or len(set(match[2][:60])) < 8:
        return None
    if "ENCRYPTED" in match[1] or "ENCRYPTED" in match[0][:200]:
        why = "A private key with a passphrase. Leave it out, and hand it over as a secret."
        return Hit("private-key", "warning", match.start(), why)
    why = "A private key. Leave it out, make a new one, and hand that over as a secret."
    return Hit("private-key", "danger", match.start(), why)


def _address(match: Match[str]) -> Hit | None:
    user, password, host = match[1], match[2], match[3]
    before = _SCHEME.search(match.string, max(0, match.start() - 24), match.start())
    if before is None:
        return None
    scheme = before[1].lower()
    if is_weak(password, user) or is_placeholder(host) or (user and is_placeholder(user)):
        return None
    if scheme.startswith(("http", "ftp")) and len(password) < 8:
        return None
    if _LOCAL.match(host):
        if not is_drawn(password):
            return None
        why = f"An address of {scheme} with its password. Take it from a variable."
        return Hit("password-in-url", "warning", match.start(), why)
    why = f"An address of {scheme} with its password. Change that, and take the address from a variable."
    return Hit("password-in-url", "danger", match.start(), why)


def _header(match: Match[str]) -> Hit | None:
    value = match[2]
    if is_dummy_token(value) or is_placeholder(value) or not is_drawn(value) or _is_open_jwt(value):
        return None
    why = "A header with a token in it. Revoke the token, and take it from a variable."
    return Hit("bearer-token", "danger", match.start(), why)


def _login(match: Match[str]) -> Hit | None:
    if is_weak(match[2], match[1]) or is_placeholder(match[1]):
        return None
    why = "A command with a user's password. Change it, and take it from a variable."
    return Hit("password-in-command", "danger", match.start(), why)


def _jwt(match: Match[str]) -> Hit | None:
    if _is_open_jwt(match[0]):
        return None
    why = "A signed token (JWT). Revoke it if it is still good, and take it from a variable."
    return Hit("jwt", "warning", match.start(), why)


def _is_open_jwt(value: str) -> bool:
    """A token of a manual, one that is meant for browsers, or none at all."""
    parts = value.split(".")
    if len(parts) != 3 or not value.startswith("eyJ"):
        return False
    try:
        body = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, RecursionError):
        return False
    if not isinstance(body, dict):
        return True
    text = json.dumps(body)
    return "John Doe" in text or '"role": "anon"' in text or "1234567890" in text or "example" in text


def _aws_secret(match: Match[str]) -> Hit | None:
    if is_dummy_token(match[1]) or not is_drawn(match[1]):
        return None
    why = "It looks like a secret key of AWS. Revoke it there, and hand it over as a secret."
    return Hit("aws-secret-key", "danger", match.start(1), why)


def _heroku(match: Match[str]) -> Hit | None:
    if is_dummy_token(match[1]):
        return None
    why = "It looks like an API key of Heroku. Revoke it there, and hand it over as a secret."
    return Hit("heroku-key", "danger", match.start(1), why)


def _discord(match: Match[str]) -> Hit | None:
    if is_dummy_token(match[0]):
        return None
    why = "It looks like the token of a Discord bot. Revoke it there, and hand it over as a secret."
    return Hit("discord-token", "danger", match.start(), why)


def _signing(match: Match[str]) -> Hit | None:
    if is_placeholder(match[1]) and "django-insecure" not in match[1]:
        return None
    why = "The key that signs sessions stands in the code. Take it from a variable, and draw a new one."
    return Hit("secret-key", "warning", match.start(1), why)


def _laravel(match: Match[str]) -> Hit | None:
    if is_dummy_token(match[1]):
        return None
    why = "The key that encrypts sessions stands in a file. Take it from a variable, and draw a new one."
    return Hit("secret-key", "warning", match.start(1), why)


def _wordpress(match: Match[str]) -> Hit | None:
    if is_weak(match[2]) or is_placeholder(match[2]):
        return None
    why = f"{match[1]} stands in the code. Take it from a variable, and change it."
    return Hit("password-in-code", "warning", match.start(2), why)


def _named(match: Match[str]) -> Hit | None:
    value = match[1]
    line = match.string.rfind("\n", 0, match.start()) + 1
    name = _NAME.search(match.string, max(line, match.start() - 64), match.start())
    if name is None or is_placeholder(value) or is_dummy_token(value) or not is_drawn(value):
        return None
    kinds = [any(test(letter) for letter in value) for test in (str.islower, str.isupper, str.isdigit)]
    if not all(kinds) and not _HEX.fullmatch(value):
        return None
    why = f"{name[1]} has its value in the code. Take it from a variable, and draw a new one."
    return Hit("secret-in-code", "warning", match.start(1), why)


SHAPES: tuple[Shape, ...] = (
    Shape(
        ("PRIVATE KEY",),
        re.compile(
            r"-----BEGIN ((?:[A-Z0-9]+ ){0,2})PRIVATE KEY(?: BLOCK)?-----"
            r"(?:[\s\"'+,]|\\r|\\n|(?:Proc-Type|DEK-Info|Version|Comment|Hash): [^\n\\]{0,200}+)*+"
            r"([A-Za-z0-9+/=]{16,})"
        ),
        _private_key,
        whole=True,
    ),
    Shape(
        ("PuTTY-User-Key-File",),
        re.compile(r"(PuTTY-User-Key-File)-\d: [\s\S]{0,2000}?Private-Lines: \d+\s+([A-Za-z0-9+/=]{16,})"),
        _private_key,
        whole=True,
    ),
    Shape(
        ("://",),
        re.compile(
            r"://([^\s:/@\"'`<>?#,()]{0,64}):([^\s/@\"'`<>?#,]{1,128})@([\w.\[\]:$%{}-]+?)(?=[:/?\s\"'`,;)<>]|$)"
        ),
        _address,
    ),
    Shape(
        ("uthorization", "UTHORIZATION"),
        re.compile(
            r"[Aa]uthorization[\"']?\s*[:=,]\s*[\"'`]?\s*([Bb]earer|[Tt]oken|[Bb]asic)\s+([\w.~+/=-]{20,})"
        ),
        _header,
        whole=True,
    ),
    Shape(
        ("curl ",),
        re.compile(r"\bcurl\b[^\n|]{0,200}?\s(?:-u|--user)[ =]?[\"']?([\w.@-]+):([^\s\"'$]{6,})"),
        _login,
        whole=True,
    ),
    Shape(("eyJ",), re.compile(r"eyJ(?<![\w.-]eyJ)[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}"), _jwt),
    Shape(
        ("ecret", "SECRET"),
        re.compile(
            r"aws_?secret_?(?:access_?)?key(?:_id)?[\"']?\s*(?:[:=]|=>)+\s*[\"']?([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])",
            re.IGNORECASE,
        ),
        _aws_secret,
        whole=True,
    ),
    Shape(
        ("eroku", "EROKU"),
        re.compile(
            r"heroku\w{0,20}[\"']?\s*[:=]+\s*[\"']?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})",
            re.IGNORECASE,
        ),
        _heroku,
        whole=True,
    ),
    Shape(
        ("SECRET_KEY", "secret_key"),
        re.compile(r"(?:\bSECRET_KEY(?:[\"']\])?|\bapp\.secret_key)\s*=\s*[rbu]?[\"']([^\"'\n]{16,})[\"']"),
        _signing,
        whole=True,
    ),
    Shape(
        ("secret_key_base",),
        re.compile(r"secret_key_base[\"']?\s*[:=]\s*[\"']?([0-9a-f]{64,})"),
        _signing,
        whole=True,
    ),
    Shape(("APP_KEY=",), re.compile(r"\bAPP_KEY=\"?base64:([A-Za-z0-9+/]{40,}=?)"), _laravel),
    Shape(
        ("define(",),
        re.compile(
            r"define\(\s*[\"'](DB_PASSWORD|(?:SECURE_)?AUTH_(?:KEY|SALT)|LOGGED_IN_(?:KEY|SALT)|NONCE_(?:KEY|SALT))[\"']\s*,\s*[\"'](.{6,100}?)[\"']\s*\)"
        ),
        _wordpress,
        whole=True,
    ),
    Shape(
        (),
        re.compile(r"[\"']([A-Za-z0-9+/_=-]{28,128})[\"']"),
        _named,
    ),
    Shape(
        (),
        re.compile(r"[MNO](?<![\w-][MNO])[A-Za-z\d_-]{23,27}\.[\w-]{6}\.[\w-]{27,40}(?![\w.-])"),
        _discord,
    ),
)


def hits(text: str, words: str) -> Iterator[Hit]:
    """Everything of these shapes in a text.

    Args:
        text: A file.
        words: Its long words by themselves; most texts are told by these few to be harmless.
    """
    for shape in SHAPES:
        place = text if shape.whole else words
        if shape.keys and not any(key in place for key in shape.keys):
            continue
        if not shape.whole and shape.pattern.search(words) is None:
            continue
        for match in shape.pattern.finditer(text):
            found = shape.judge(match)
            if found is not None:
                yield found
