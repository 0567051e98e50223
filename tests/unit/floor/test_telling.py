"""Which line says why a program failed."""

import pytest

from jarvis import telling

PYTHON = ["Traceback (most recent call last):", '  File "a.py", line 1, in <module>', "KeyError: 'A'"]
NODE = [
    "/app/index.js:1",
    "throw new Error('no key')",
    "^",
    "",
    "Error: no key",
    "    at Object.<anonymous> (/app/index.js:1:7)",
    "    at Module._compile (node:internal/modules/cjs/loader:1554:14)",
    "",
    "Node.js v20.20.2",
]
MODULE = [
    "Error: Cannot find module 'express'",
    "Require stack:",
    "- /app/index.js",
    "    at Module._resolveFilename (node:internal/modules/cjs/loader:1212:15) {",
    "  code: 'MODULE_NOT_FOUND',",
    "  requireStack: [ '/app/index.js' ]",
    "}",
    "",
    "Node.js v20.20.2",
]
GO = ["panic: no key", "", "goroutine 1 [running]:", "main.main()", "\t/app/main.go:5 +0x1"]
NPM = [
    "npm error code E404",
    "npm error 404 Not Found",
    "npm error A complete log of this run can be found in: x",
]


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (PYTHON, "KeyError: 'A'"),
        (NODE, "Error: no key"),
        (MODULE, "Error: Cannot find module 'express'"),
        (GO, "panic: no key"),
        (NPM, "npm error 404 Not Found"),
        (["all is well", "  indented and no error"], "indented and no error"),
        (["Node.js v20.20.2"], "Node.js v20.20.2"),
        (["", "  "], ""),
        ([], ""),
    ],
)
def test_it_works(lines: list[str], why: str) -> None:
    assert telling.line(lines) == why


def test_where_the_text_is_wrong_is_told() -> None:
    lines = [
        '  File "/usr/lib/python3/runpy.py", line 9, in run',
        '  File "/app/app.py", line 3',
        "    def x(:",
    ]
    assert telling.line([*lines, "          ^", "SyntaxError: invalid syntax"]) == (
        "SyntaxError: invalid syntax (app.py, line 3)"
    )
