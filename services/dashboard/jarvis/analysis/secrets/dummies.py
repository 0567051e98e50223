"""What stands where a secret will be: placeholders, examples, and passwords that everybody knows."""

import re

SHORT = 6
"""Signs below which a password is no secret worth finding."""

_REFERENCE = re.compile(
    r"^\$\w+$|\$[({]|\{\{|<[^>]*>|^%\(?\w+\)?%?s?$|%\w+%|^\[.*\]$|^@\w+@$|__\w+__"
    r"|process\.env|environ|getenv|secrets\.|^vault:|^op://|^ENC\[|^file:|^ssm:|^arn:|#\{"
)
_WORDS = re.compile(
    r"example|sample|dummy|placeholder|change[-_ ]?(?:me|this|it)|replace|redacted|removed|insert[-_ ]|your"
    r"|(?:^|[-_ ])(?:my|some|the|put|add|enter|set)[-_ ]|fake|xxxx|\.\.\.|\*\*\*|todo|fixme|lorem|foobar"
    r"|insecure|goes[-_ ]?here|[-_ ]here$|never-guess|keep-it-|(?:super|top)[-_ ]?secret|thisis"
    r"|not[-_ ]?(?:a[-_ ]?)?real"
    r"|sekret|s3cr3t|unsafe|development|d3v|for[-_ ]?(?:dev|test)|test[-_ ]?(?:key|token|secret|pass)"
    r"|(?:key|token|secret|pass\w*)[-_ ]?(?:for[-_ ]?)?test",
    re.IGNORECASE,
)
_IN_TOKENS = re.compile(
    r"example|dummy|placeholder|change_?me|redacted|your|fake|xxxx|\.\.\.|\*\*\*|<|sample|insert|replace|foobar",
    re.IGNORECASE,
)
_EMULATOR = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq"
"""How the key begins that every emulator of Azure's storage has."""
_ROWS = ("0123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "9876543210")
_ROW = 8
"""Neighbours of a keyboard or an alphabet in a row that no machine draws."""
_SAME = re.compile(r"(.)\1{5}")
_WEAK = re.compile(
    r"(?:my|your|the|some|db|data|database|super|mysql|pg|postgres\w*|redis|mongo\w*|rabbit\w*|user\w*|root|admin\w*"
    r"|app|test\w*|dev\w*|demo|local\w*|prod|guest|default|docker|django|flask|rails|laravel|wordpress|strong|api)?"
    r"[-_.]?(?:p[a@4][s$5]{2}(?:w[o0]rd|wd|phrase)?|secret|pwd|pw|key|token)?[-_.!@#$\d]*"
    r"|letmein|welcome\d*|changeit|qwerty\d*|abc123|toor|sa|none|null|undefined|true|false|empty|foo|bar|baz|hunter2"
    r"|azerty|iloveyou|monkey|dragon|sesame|opensesame|hello\w*|world|ninja|p@ssw0rd\w*|passw0rd\w*|secretpassword",
    re.IGNORECASE,
)


def is_reference(value: str) -> bool:
    """The value is taken from elsewhere when the program starts."""
    return _REFERENCE.search(value) is not None


def is_placeholder(value: str) -> bool:
    """Somebody is meant to put a value here."""
    return not value or is_reference(value) or _WORDS.search(value) is not None or _monotone(value)


def is_dummy_token(value: str) -> bool:
    """A token made up for a manual; what a machine drew by chance must not count as one."""
    return (
        _EMULATOR in value or _IN_TOKENS.search(value) is not None or is_reference(value) or _monotone(value)
    )


def is_weak(password: str, user: str = "") -> bool:
    """A password that everybody would try first: nothing is given away by showing it."""
    if len(password) < SHORT or password.lower() == user.lower():
        return True
    return _WEAK.fullmatch(password) is not None or is_placeholder(password)


def _monotone(value: str) -> bool:
    if _SAME.search(value) or (len(value) >= 12 and len(set(value.lower())) <= 4):
        return True
    low = value.lower()
    return any(row[at : at + _ROW] in low for row in _ROWS for at in range(len(row) - _ROW + 1))


def is_drawn(value: str) -> bool:
    """It looks drawn by a machine: of many signs, and of several kinds of them."""
    digits = sum(letter.isdigit() for letter in value)
    letters = sum(letter.isalpha() for letter in value)
    mixed = (
        digits >= 1
        and any(letter.islower() for letter in value)
        and any(letter.isupper() for letter in value)
    )
    return len(set(value)) >= min(8, len(value) * 0.6) and (mixed or (digits >= 2 and letters >= 2))
