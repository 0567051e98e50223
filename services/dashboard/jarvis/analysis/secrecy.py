"""Is a variable a secret? Judged by its name."""

import re

WORDS = frozenset(
    {
        "key", "keys", "apikey", "secret", "secrets", "token", "tokens", "password", "passwords", "passwd",
        "pass", "passphrase", "pwd", "dsn", "credential", "credentials", "salt", "pepper", "jwt", "oauth",
        "private",
    }
)  # fmt: skip
"""Words of a name, between underscores, that say so."""
PUBLIC = (
    "VITE_",
    "NEXT_PUBLIC_",
    "REACT_APP_",
    "VUE_APP_",
    "NUXT_PUBLIC_",
    "PUBLIC_",
    "GATSBY_",
    "EXPO_PUBLIC_",
)
"""How the names begin of variables that are written into the pages when they are built."""

_ADDRESS = re.compile(
    r"(?:DATABASE|DB|REDIS|MONGO(?:DB)?|POSTGRES(?:QL)?|PG|MYSQL|AMQP|RABBITMQ|CLOUDAMQP|CLICKHOUSE|SMTP|BROKER|CACHE)"
    r"_?(?:\w+_)?UR[IL]$|CONNECTION_?STRING|^CONNECTIONSTRINGS?_"
)
_HARMLESS = re.compile(
    r"PUBLIC|PUBLISHABLE|FOREIGN|KEY_?(?:ID|NAME|PATH|FILE|PREFIX|SPACE)|PASSWORD_?(?:FILE|RESET|MIN|MAX|LENGTH|TIMEOUT|BROKER)"
    r"|SECRETS?_?(?:NAME|PATH|FILE|DIR)|TOKEN_?(?:URL|EXPIR|TTL|LIFETIME|NAME|FILE)|EXPIR|_TTL$|ALGORITHM|^PWD$|^OLDPWD$"
)


def is_secret(name: str) -> bool:
    """Does the name of a variable say that its value is not for everyone?"""
    upper = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).upper()
    if upper.startswith(PUBLIC) or _HARMLESS.search(upper):
        return False
    return not WORDS.isdisjoint(upper.lower().split("_")) or _ADDRESS.search(upper) is not None
