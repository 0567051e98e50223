"""Command lines of projects, to words."""

import pytest

from jarvis.builds.command import SHELL, replaced, words


def test_it_works() -> None:
    assert words("gunicorn --bind '0.0.0.0:80' app:app") == ("gunicorn", "--bind", "0.0.0.0:80", "app:app")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", ()),
        ("  \n ", ()),
        ("A=1 B='2 3' node a.js c=d", ("env", "A=1", "B=2 3", "node", "a.js", "c=d")),
        ("make a=b", ("make", "a=b")),
        ('["node", "a b.js"]', ("node", "a b.js")),
        (r"echo.exe \$HOME", ("echo.exe", "$HOME")),
        ("java '-Dx=$HOME;*'", ("java", "-Dx=$HOME;*")),
    ],
)
def test_one_program_needs_no_shell(line: str, expected: tuple[str, ...]) -> None:
    assert words(line) == expected


@pytest.mark.parametrize(
    ("line", "run"),
    [
        ("serve $PORT", "exec serve $PORT"),
        ('serve "$PORT"', 'exec serve "$PORT"'),
        ("a && b", "a && exec b"),
        ("a; b -c", "a; exec b -c"),
        ("a\nb", "a\n exec b"),
        ("cd x && A=1 b", "cd x && exec env A=1 b"),
        ("a 2>&1", "exec a 2>&1"),
        ("java -jar target/*.jar", "exec java -jar target/*.jar"),
        ('java -jar "$(ls "a b" && c)"', 'exec java -jar "$(ls "a b" && c)"'),
        ("a ${B:-c;d}", "exec a ${B:-c;d}"),
        ("a `b; c`", "exec a `b; c`"),
    ],
)
def test_a_shell_lets_itself_be_replaced(line: str, run: str) -> None:
    assert words(line) == (SHELL, "-c", run)


@pytest.mark.parametrize(
    "line",
    [
        "a || b",
        "a | b",
        "a &",
        "(a; b)",
        "if a; then b; fi",
        "while a; do b; done; c",
        "trap 'x' EXIT; a",
        "a # && b",
        "cd a",
        "a;",
        "a && exit 3",
        "A=1",
        "A=1 && B=$A",
        "exec a $B",
        "f() { a; }; f",
        "> log a",
        "a 'b",
        'a "$(b"',
        "! a",
    ],
)
def test_a_shell_stays_where_it_would_do_something_else(line: str) -> None:
    assert replaced(line) == line
    assert words(line) == (SHELL, "-c", line)


def test_a_list_of_something_else_is_a_line() -> None:
    assert words("[1]")[:2] == (SHELL, "-c")
    assert words("[a")[:2] == (SHELL, "-c")
