"""The proxy's route for releases with rules: it asks the gate first, and goes on as the gate says.

Rules are a file in the release, so they change with it, by the same rename. For a release without that file
the question whether it is there is all that it costs.
"""

from typing import Any

from jarvis.mark import MARKER, RULES

Json = dict[str, Any]

SAYS = "http.reverse_proxy.header.Jarvis-"
"""What the gate says, as Caddy's placeholders."""
PLACE = f"services/{{{SAYS}Service}}/current"
"""The folder that answers: the service's own, or that of another one which has this path."""
PATH = f"{{{SAYS}Path}}"
"""Where the answer is taken from, when it is not what was asked for."""
DIAL_AGAIN = "5s"
"""How long the gate is tried while it is just being started again."""
_DROPS = [f"{{{SAYS}Drop-{number}}}" for number in (1, 2, 3)]
_OWN = [
    f"Jarvis-{name}"
    for name in ("Service", "Path", "Strip", "Missing", "Known", "Drop-1", "Drop-2", "Drop-3")
]
LATE: list[Json] = [
    {"handler": "headers", "response": {"delete": _DROPS}},
    {"handler": "copy_response_headers", "exclude": [*_OWN, "Content-Length", "Date"]},
]
"""Put the headers that the gate gave into the answer; right before it, so that they win."""


def says(name: str) -> Json:
    """True where the gate has said this."""
    return {"vars_regexp": {f"{{{SAYS}{name}}}": {"pattern": "."}}}


def prefix() -> Json:
    """A program is told what was taken away from its paths, so that it can write addresses of its own."""
    told = {"X-Forwarded-Prefix": [f"{{{SAYS}Strip}}"]}
    return {"match": [says("Strip")], "handle": [{"handler": "headers", "request": {"set": told}}]}


def route(gate: str, place: str, chain: list[Json], errors: list[Json]) -> Json:
    """The route of hosts with rules.

    Args:
        gate: The socket where the gate listens, as Caddy writes it.
        place: The folder that the host leads to, relative to the folder of links.
        chain: What answers from `PLACE` when the gate lets a request pass.
        errors: What answers when there is nothing.
    """
    answers: Json = {"handler": "subroute", "routes": [*_first(), *chain], "errors": {"routes": errors}}
    tidy: Json = {"handler": "headers", "response": {"deferred": True, "delete": ["Via", "Server"]}}
    # A visitor must see which release answers also where he may see nothing else: it only tells an id.
    marker: Json = {"path": [f"/{MARKER}"], "method": ["GET", "HEAD"]}
    asked = _asked(gate) | {
        "handle_response": [
            {
                "match": {"status_code": [2], "headers": {"Jarvis-Service": ["*"]}},
                "routes": [{"handle": [answers], "terminal": True}],
            },
            # The rules went with a switch that came between: the request takes the ordinary way.
            {"match": {"status_code": [2]}},
            {"routes": [{"handle": [tidy, {"handler": "copy_response"}]}]},
        ]
    }
    return {
        "match": [{"file": {"root": place, "try_files": [f"/{RULES}"]}, "not": [marker]}],
        "handle": [asked],
    }


def _asked(gate: str) -> Json:
    """The question: no body, and no more of the request than is needed."""
    wanted = {
        "Host": ["{http.request.hostport}"],
        "User-Agent": [""],
        "Jarvis-Method": ["{http.request.method}"],
        "Jarvis-Uri": ["{http.request.uri}"],
        "Jarvis-From": ["{http.request.remote.host}"],
        "Authorization": ["{http.request.header.Authorization}"],
    }
    return {
        "handler": "reverse_proxy",
        "upstreams": [{"dial": f"unix/{gate}"}],
        # The body is left to whoever answers only where method or path differ: so the path is made longer.
        "rewrite": {"method": "GET", "uri": "/gate{http.request.uri.path}"},
        "headers": {"request": {"delete": ["*"], "set": wanted}},
        "transport": {
            "protocol": "http",
            "dial_timeout": "5s",
            "response_header_timeout": "30s",
            "compression": False,
            "keep_alive": {"max_idle_conns_per_host": 128},
        },
        "load_balancing": {"try_duration": DIAL_AGAIN, "try_interval": "50ms"},
    }


def _first() -> list[Json]:
    """What the gate said of the request itself."""
    return [
        {
            "match": [says("Known")],
            "handle": [{"handler": "headers", "request": {"delete": ["Authorization"]}}],
        },
        {
            "match": [says("Strip")],
            "handle": [{"handler": "rewrite", "strip_path_prefix": f"{{{SAYS}Strip}}"}],
        },
        {"match": [says("Missing")], "handle": [*LATE, {"handler": "error", "status_code": 404}]},
        {"match": [says("Path")], "handle": [{"handler": "rewrite", "uri": PATH}]},
    ]
