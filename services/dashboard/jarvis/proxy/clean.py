"""Addresses without `.html`: `/about` is answered from `about.html`, and `/about.html` leads to `/about`.

Only releases with the mark have them, so an older release that is gone back to answers as it did. Names with
another dot in them keep their `.html`. Leads are relative, so they are right below any path.
"""

from typing import Any

from jarvis.mark import CLEAN
from jarvis.proxy import ask

Json = dict[str, Any]

_STEM, _QUERY = "{http.regexp.sent.1}", "{http.regexp.sent.2}"
_PATH = "{http.request.uri.path}"


def routes(place: str) -> list[Json]:
    """What comes before the files: only paths that end like a page are looked at.

    Args:
        place: The folder that answers, relative to the folder of links.
    """
    is_clean = _file(place, f"/{CLEAN}")
    bare = _file(place, "{http.regexp.page.1}")
    with_ending = _steps(
        {"match": [{**is_clean, "not": [ask.says("Path")]}]},
        {"match": [{**_file(place, _PATH), **_sent(r"([^/?]+)\.html(\?.*)?$")}]},
        routes=[
            {"match": [{"path": ["*/index.html"]}], "handle": [_lead("./" + _QUERY)], "terminal": True},
            {"match": [{"not": [bare]}], "handle": [_lead(f"./{_STEM}{_QUERY}")], "terminal": True},
        ],
    )
    without = _steps(
        {"match": [_file(place, _PATH + ".html")]},
        {"match": [{**is_clean, "not": [_file(place, _PATH)]}]},
        routes=[
            {
                "match": [{"path": ["*/index"], **_sent(r"([^/?]+)(\?.*)?$")}],
                "handle": [_lead("./" + _QUERY)],
                "terminal": True,
            },
            {"handle": [{"handler": "rewrite", "uri": _PATH + ".html"}]},
        ],
    )
    return [
        {"match": [_path(r"^(/(?:.*/)?[^/.]+)\.html$")], "handle": [with_ending]},
        {"match": [_path(r"^(/(?:.*/)?[^/.]+)$")], "handle": [without]},
    ]


def missing(place: str) -> Json:
    """What comes before the page for what is not there: `/about/` leads to `/about`."""
    handle = _steps(
        {"match": [_file(place, "{http.regexp.page.1}.html")]},
        {"match": [_file(place, f"/{CLEAN}")]},
        routes=[
            {
                "match": [_sent(r"([^/?]+)/(\?.*)?$")],
                "handle": [_lead(f"../{_STEM}{_QUERY}")],
                "terminal": True,
            }
        ],
    )
    return {"match": [_path(r"^(/(?:.*/)?[^/.]+)/$")], "handle": [handle]}


def _steps(*conditions: Json, routes: list[Json]) -> Json:
    """Conditions one after the other, the rare ones first: Caddy gives no order to those of one set."""
    for condition in reversed(conditions):
        routes = [{**condition, "handle": [{"handler": "subroute", "routes": routes}]}]
    return {"handler": "subroute", "routes": routes}


def _file(place: str, path: str) -> Json:
    return {"file": {"root": place, "try_files": [path]}}


def _path(pattern: str) -> Json:
    return {"path_regexp": {"name": "page", "pattern": pattern}}


def _sent(pattern: str) -> Json:
    """Of the address as it was sent, so that what is led to is written in the same way."""
    return {"vars_regexp": {"{http.request.uri}": {"name": "sent", "pattern": pattern}}}


def _lead(place: str) -> Json:
    return {"handler": "static_response", "status_code": 308, "headers": {"Location": [place]}}
