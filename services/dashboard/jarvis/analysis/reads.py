"""How each language reads an environment variable."""

import re
from dataclasses import dataclass

_NAME = r"(?P<name>[A-Za-z_][A-Za-z0-9_]{1,99})"
_LITERAL = r"(\"[^\"\n]{0,80}\"|'[^'\n]{0,80}'|`[^`\n]{0,80}`|-?\d[\d.]*|[Tt]rue|[Ff]alse)?"


@dataclass(frozen=True, slots=True)
class Reads:
    """The ways of one language.

    Attributes:
        needles: A file without any of them is not searched.
        pattern: One reading: group `name`, or `names` for several at once.
        default: What follows a reading that has a default; group 1 is the default where it is a literal.
        strict: Found in a reading that fails without the variable, whatever is around it.
        free: Found in a reading that does not.
    """

    needles: tuple[str, ...]
    pattern: re.Pattern[str]
    default: re.Pattern[str]
    strict: re.Pattern[str] | None = None
    free: re.Pattern[str] | None = None


def _reads(
    needles: str, before: str, after: str, default: str, strict: str | None = None, free: str | None = None
) -> Reads:
    return Reads(
        tuple(needles.split()),
        re.compile(f"(?:{before}){_NAME}(?:{after})"),
        re.compile(default.replace("LITERAL", _LITERAL)),
        re.compile(strict) if strict else None,
        re.compile(free) if free else None,
    )


_NEVER = r"(?!)()"
_PYTHON = _reads(
    "environ getenv env( env. config(",
    r"(?:\b(?:os\.)?environ(?:\.get\(|\.pop\(|\.setdefault\(|\[)|\b(?:os\.)?getenv\(|(?<![.\w])config\("
    r"|(?<![.\w])env(?:\.(?:str|bool|int|float|list|dict|json|url|db|db_url|cache|cache_url|email_url|path))?\()"
    r"\s*[\"']",
    r"[\"']",
    r"\s*,\s*(?:default\s*=\s*)?LITERAL|\s*\)\s*or\s+LITERAL|\s*,\s*cast\s*=\s*\w+\s*,\s*default\s*=\s*LITERAL",
    r"\[",
)
_JAVASCRIPT = Reads(
    (".env",),
    re.compile(
        r"(?:\b(?:process|import\.meta|Bun)\.env(?:\?\.|\.|\[\s*[\"'`])|\bDeno\.env\.get\(\s*[\"'`])"
        rf"(?!npm_){_NAME}(?:[\"'`]\s*[\])])?(?!\w*\()"
        r"|\{(?P<names>[^{}()]{1,600})\}\s*=\s*(?:process|import\.meta|Bun)\.env\b"
    ),
    re.compile(rf"!?(?:\s*,\s*\d+\s*)?\)?\s*(?:\|\||\?\?)=?\s*{_LITERAL}|\s*=[^=>]()|\s*\?[^.?]()"),
)
_RUBY = _reads(
    "ENV",
    r"\bENV(?:\[|\.fetch\(?|\.key\?\()\s*[\"']",
    r"[\"']",
    r"\s*\]\s*\|\|=?\s*LITERAL|\s*,\s*LITERAL|\s*\)?\s*(?:\{|do\b)\s*LITERAL|\s*\]\s*=[^=~]",
    r"\.fetch",
    r"\.key\?",
)
_PHP = _reads(
    "getenv( $_ENV env(",
    r"(?:\bgetenv\(|\$_ENV\[|(?<![>:\w])env\()\s*[\"']",
    r"[\"']",
    r"\s*,\s*LITERAL|\s*[\])]\s*(?:\?:|\?\?|\|\|)\s*LITERAL",
)
_JVM = _reads(
    "getenv sys.env @Value",
    r"\bSystem\.getenv\(\s*\"|\bSystem\.getenv\(\)\.(?:get|getOrDefault)\(\s*\"|\bSystem/getenv\s+\""
    r"|\bsys\.env(?:\.get|\.getOrElse)?\(\s*\"|@Value\(\"\$\{(?=[A-Z_0-9]+[:}])",
    r"\"?",
    r"\s*,\s*LITERAL|\s*\)\s*(?:\?:|\.getOrElse\()\s*LITERAL|:([^}\"\n]*)\}",
)
_RUST = _reads(
    "env::var env!( env =",
    r"\benv::var(?:_os)?\(\s*\"|\b(?:option_)?env!\(\s*\"|\benv\s*=\s*\"(?=[A-Z])",
    r"\"",
    r"\s*\)\s*\.unwrap_or(?:_else)?\(\s*(?:\|_?\w*\|\s*)?LITERAL|\s*\)\s*\.(?:unwrap_or_default|ok|is_ok|is_err)\b"
    r"|[^)\n]*default_value(?:_t)?\s*=\s*LITERAL",
    None,
    r"option_env",
)
_GO = _reads(
    "os.Getenv os.LookupEnv etenv( etEnv( nvOr",
    r"\bos\.(?:Getenv|LookupEnv)\(\s*\"|\b(?i:get_?env)(?:Or\w*|Default|String|Int|Bool)?\(\s*\"|\b[Ee]nvOr\w*\(\s*\"",
    r"\"",
    r"\s*,\s*LITERAL|\s*\)[^\n]*\n?\s*;?\s*(?:if\s+)?\w+\s*[!=]=\s*\"\"\s*\{(?!\s*(?:log\.Fatal|panic|os\.Exit|return))()",
    None,
    r"LookupEnv",
)
_DOTNET = _reads(
    "GetEnvironmentVariable", r"\bGetEnvironmentVariable\(\s*\"", r"\"", r"\s*\)\s*\?\?\s*LITERAL"
)
_ELIXIR = _reads(
    "System.",
    r"\bSystem\.(?:get_env|fetch_env!?)\(\s*\"",
    r"\"",
    r"\s*,\s*LITERAL|\s*\)\s*\|\|\s*LITERAL",
    "fetch_env!",
)
_PLAIN = _reads(
    "getenv environment Environment ENV lookupEnv getEnv",
    r"\b(?:std::)?getenv\(\s*[\"']|\bSys\.getenv\(\s*[\"']|\bEnvironment\.get\(\s*\"|\$ENV\{\s*[\"']?"
    r"|\b(?:lookupEnv|getEnv)\s+\"|\benvironment\[\s*[\"']",
    r"[\"']?",
    r"\s*,\s*LITERAL|\s*[\])}]\s*(?:\?\?|//|\|\|)\s*LITERAL",
    None,
    r"lookupEnv",
)
_PRISMA = _reads("env(", r"\benv\(\s*\"", r"\"", _NEVER)
SETTINGS = _reads(
    "${ ENV",
    r"\$\{(?=[A-Z][A-Z0-9_]*[:}])|\bENV(?:\[|\.fetch\(?)\s*[\"']",
    r"[\"']?",
    r":([^}\n]*)\}|\s*\]\s*\|\|\s*LITERAL|\s*,\s*LITERAL|\s*\)?\s*\{\s*LITERAL",
)
_SHELL = _reads(":?", r"\$\{(?=\w+:\?)", "", _NEVER)

READS: dict[str, Reads] = {
    **dict.fromkeys((".py", ".pyw"), _PYTHON),
    **dict.fromkeys(
        (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".vue", ".svelte", ".astro"),
        _JAVASCRIPT,
    ),
    **dict.fromkeys((".rb", ".ru", ".erb", ".cr", ".rake"), _RUBY),
    ".php": _PHP,
    **dict.fromkeys((".java", ".kt", ".kts", ".scala", ".groovy", ".clj"), _JVM),
    ".rs": _RUST,
    ".go": _GO,
    **dict.fromkeys((".cs", ".fs", ".vb"), _DOTNET),
    **dict.fromkeys((".ex", ".exs"), _ELIXIR),
    **dict.fromkeys(
        (".c", ".cc", ".cpp", ".lua", ".R", ".r", ".pl", ".pm", ".psgi", ".hs", ".dart", ".swift"), _PLAIN
    ),
    ".prisma": _PRISMA,
    **dict.fromkeys((".yml", ".yaml", ".properties"), SETTINGS),
    **dict.fromkeys((".sh", ".bash"), _SHELL),
}
"""Ending of a file → how it reads."""
