"""Where the keys of a TOML text stand, held to `tomllib` by texts that are made up."""

import tomllib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from jarvis.settings.lines import Place, lines

TEXT = '''\
# a comment with [brackets] and "quotes
runtime = "process"   # the end

health.path = "/up"
"a.b" . c = 'x'
[limits]
memory = """512
MB # no comment ""\""""
cpus = 0.5
[[cron]]
name = "one" # [[cron]]
[[cron]]
name = "two"
schedule = { a = 1, b = [1, { c = 2 }], d = "}" }
[cron.more]
x = [
  1, # one
  [2, 3],
]
'''


def test_it_works() -> None:
    found = lines(TEXT)
    wanted: dict[Place, int] = {
        ("runtime",): 2,
        ("health", "path"): 4,
        ("a.b", "c"): 5,
        ("limits",): 6,
        ("limits", "memory"): 7,
        ("limits", "cpus"): 9,
        ("cron", 0): 10,
        ("cron", 0, "name"): 11,
        ("cron", 1): 12,
        ("cron", 1, "name"): 13,
        ("cron", 1, "schedule"): 14,
        ("cron", 1, "schedule", "b", 1, "c"): 14,
        ("cron", 1, "more"): 15,
        ("cron", 1, "more", "x"): 16,
        ("cron", 1, "more", "x", 1): 18,
    }
    assert {place: found.get(place) for place in wanted} == wanted


def places(value: Any, at: Place = ()) -> set[Place]:
    """All keys of a document."""
    found: set[Place] = {at} if at else set()
    rows = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in rows:
        found |= places(inner, (*at, key))
    return found


KEYS = st.text("ab-_1", min_size=1, max_size=3)
STRINGS = st.sampled_from(['"x"', "'y'", '"a#\\"]"', "'''m\n]\n'''", '"""q\n"}"""', "''", '""'])
SCALARS = st.one_of(STRINGS, st.sampled_from(["1", "2.5", "true", "1979-05-27 07:32:00"]))
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: "[ " + ", ".join(items) + " ]"),
        st.lists(inner, max_size=3).map(
            lambda items: "[ # c\n" + "".join(f"{one},\n" for one in items) + "]"
        ),
        st.dictionaries(KEYS, SCALARS, max_size=3).map(
            lambda table: "{ " + ", ".join(f"{key} = {one}" for key, one in table.items()) + " }"
        ),
    ),
    max_leaves=5,
)
ROWS = st.lists(st.tuples(KEYS, VALUES), max_size=4, unique_by=lambda row: row[0])


@given(ROWS, st.lists(st.tuples(st.sampled_from(["[{}]", "[[{}]]"]), KEYS, ROWS), max_size=3))
def test_every_key_is_found_and_stands_where_it_is_said(top: Any, tables: Any) -> None:
    text = "".join(f"{key} = {value}\n" for key, value in top)
    for form, name, rows in tables:
        text += form.format(name) + "  # a table\n\n"
        text += "".join(f"{key}\t=\t{value} # c\n" for key, value in rows)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return  # two of a name
    found = lines(text)
    rows = text.split("\n")
    for place in places(document):
        if isinstance(place[-1], int) and place not in found:
            assert place[:-1] in found or (*place,) in found, "an entry of a list"
            continue
        if place in found and isinstance(place[-1], str):
            assert place[-1] in rows[found[place] - 1]
        else:
            assert place in found or any(other[: len(place)] == place for other in found), place
