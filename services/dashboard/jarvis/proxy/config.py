"""Caddy's one configuration: it finds every site by its host, so it never changes when a site comes or goes.

A change of configuration drops connections; a renamed link does not. So the root of all sites is one path
with the host in it, and `site.publish` moves links below it.
"""

from collections.abc import Sequence
from pathlib import Path
from string import ascii_lowercase
from typing import Any

from jarvis.mark import SPA
from jarvis.proxy import apps, ask, clean, tls
from jarvis.proxy.media import COMPRESSIBLE, UNKNOWN, types
from jarvis.proxy.pages import FORBIDDEN, NO_PAGE, NO_SITE, NOT_ALLOWED, TROUBLE

Json = dict[str, Any]

HOST = r"^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*(?::[0-9]+)?$"
"""The only hosts that become part of a path: no upper case, no empty label, so never `..`."""

WELL_KNOWN = r"^/\.well-known(?:/(?:[^./][^/]*)?)*$"
"""The one folder with a leading dot that is meant to be public (RFC 8615)."""

_EXTENSIONS = r"\.(?:js|mjs|css|woff2?|png|jpe?g|svg|webp|avif|gif|map|json)$"
HASHED = r"[.-][0-9a-f]{8,64}" + _EXTENSIONS
"""A name that a build tool made from the content: it may be kept for ever."""
UNHASHED = (r"[.-][0-9]+" + _EXTENSIONS, r"[.-][a-f]+" + _EXTENSIONS)
"""What looks like one but is a date (`-20240131.js`) or a word (`-defaced.css`)."""

_CONDITIONS_BY_DATE = ["If-Modified-Since", "If-Unmodified-Since"]
_PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def caddy_config(
    *,
    www: Path,
    admin_socket: Path,
    gate: Path,
    http_port: int,
    log_file: Path,
    storage: Path,
    bind: str = "",
    https: tls.Https | None = None,
) -> Json:
    """Return the configuration as Caddy's JSON.

    Args:
        www: Folder with `sites/<host>/current/…` below it; absolute.
        admin_socket: Where Caddy listens for its owner.
        gate: Where the gate listens, which is asked for sites with rules.
        http_port: Port of all sites.
        log_file: Where one JSON line per request goes; rolled at 10 MiB, three old files kept.
        storage: Where Caddy keeps what is its own (certificates later on).
        bind: One address to listen on; all of them when empty.
        https: What HTTPS needs; None for HTTP alone.
    """
    address = f"[{bind}]" if ":" in bind else bind
    server: Json = {
        "listen": [f"{address}:{http_port}"],
        "protocols": tls.protocols(https),
        "read_header_timeout": "10s",
        "read_idle_timeout": "30s",
        "write_idle_timeout": "1m",
        "idle_timeout": "3m",
        "max_header_bytes": 16 * 1024,
        "automatic_https": {"disable": True},
        "routes": _routes(www, gate, tls.routes(https)),
        "errors": {"routes": _error_routes(www, apps.PLACE, tls.answers(https, www, bind))},
        "logs": {"default_logger_name": "access"},
    }
    http: Json = {"http_port": http_port, "grace_period": "30s", "servers": {"sites": server}}
    if https is not None:
        # Caddy speaks HTTP on the port that is named so, and TLS on the others.
        server["listen"].append(f"{address}:{https.port}")
        server["tls_connection_policies"] = [{}]
        http["https_port"] = https.port
    return {
        "admin": {"listen": f"unix/{_literal(admin_socket)}|0600", "config": {"persist": False}},
        "storage": {"module": "file_system", "root": str(storage)},
        "logging": _logging(log_file),
        "apps": {"http": http} | ({"tls": tls.app(https, http_port, bind)} if https is not None else {}),
    }


def _literal(path: Path) -> str:
    """Write a path so that Caddy sees no placeholder in it."""
    return str(path).replace("{", "\\{").replace("}", "\\}")


def _logging(log_file: Path) -> Json:
    writer: Json = {
        "output": "file",
        "filename": _literal(log_file),
        "mode": "0600",
        "roll_size_mb": 10,
        "roll_keep": 3,
    }
    # Without the header fields a line is a third as long, and nothing a visitor typed into one is kept.
    dropped = {field: {"filter": "delete"} for field in ("request>headers", "resp_headers", "request>tls")}
    name = "http.log.access.access"
    return {
        "logs": {
            "default": {"writer": {"output": "stderr"}, "level": "WARN", "exclude": [name]},
            "access": {
                "writer": writer,
                "encoder": {"format": "filter", "wrap": {"format": "json"}, "fields": dropped},
                "include": [name],
            },
        }
    }


def _routes(www: Path, gate: Path, first: Sequence[Json]) -> list[Json]:
    gated = _site(www, ask.PLACE, ask.LATE, [ask.prefix()]), _error_routes(www, ask.PLACE)
    return [
        {"match": [_odd_host()], "handle": [{"handler": "subroute", "routes": _host_routes()}]},
        *first,
        ask.route(_literal(gate), apps.PLACE, *gated),
        *_site(www, apps.PLACE),
    ]


def _site(www: Path, place: str, late: Sequence[Json] = (), told: Sequence[Json] = ()) -> list[Json]:
    """What answers for one site.

    Args:
        www: The folder of links.
        place: The release, relative to it.
        late: What is done right before a file is handed out.
        told: What a program is told of the request.
    """
    root = f"{_literal(www)}/{place}"
    return [
        apps.route(root, place, told),
        {
            "handle": [
                _headers({"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}, ["Server"])
            ]
        },
        {
            "match": [{"not": [{"method": ["GET", "HEAD"]}]}],
            "handle": [_headers({"Allow": "GET, HEAD"}), _error(405)],
        },
        {
            "match": [{"path": ["*/.*"], "not": [{"path_regexp": {"pattern": WELL_KNOWN}}]}],
            "handle": [_error(404)],
        },
        *clean.routes(place),
        # A date says whole seconds only, and after going back to an older release it would lie.
        {
            "match": [{"header": {name: ["*"]}} for name in _CONDITIONS_BY_DATE],
            "handle": [{"handler": "headers", "request": {"delete": _CONDITIONS_BY_DATE}}],
        },
        {
            "match": [{"path_regexp": {"pattern": HASHED}}],
            "handle": [{"handler": "subroute", "routes": _hashed_routes()}],
        },
        {
            "match": [{"path_regexp": {"pattern": r"\.[^/.]+$"}}],
            "handle": [_media_map(), _headers({"Content-Type": "{jarvis.media}"})],
        },
        {"handle": [_encode(), _deferred_delete("Last-Modified"), *late, _files(root)]},
    ]


def _host_routes() -> list[Json]:
    """DNS names know no case and may end in a dot: write them as the folder is named, or refuse."""
    lower = [{"search": letter.upper(), "replace": letter} for letter in ascii_lowercase]
    no_dot = {"search_regexp": r"\.(:[0-9]+)?$", "replace": "$1"}
    return [
        {"handle": [{"handler": "headers", "request": {"replace": {"Host": [*lower, no_dot]}}}]},
        {"match": [_odd_host()], "handle": [_error(404)]},
    ]


def _hashed_routes() -> list[Json]:
    return [
        {"handle": [_headers({"Cache-Control": "public, max-age=31536000, immutable"})]},
        {
            "match": [{"path_regexp": {"pattern": pattern}} for pattern in UNHASHED],
            "handle": [_headers({"Cache-Control": "no-cache"})],
        },
    ]


def _error_routes(www: Path, place: str, own: Sequence[Json] = ()) -> list[Json]:
    """What a visitor sees when there is nothing to hand out; it costs an ordinary request nothing."""
    root = f"{_literal(www)}/{place}"
    conditions = [*_CONDITIONS_BY_DATE, "If-None-Match", "If-Match", "If-Range", "Range"]
    plain: Json = {
        "handler": "headers",
        "request": {"delete": conditions},
        "response": {
            "set": {"Cache-Control": ["no-store"], "X-Content-Type-Options": ["nosniff"]},
            "delete": ["Server", "Content-Type", "Etag", "Vary"],
        },
    }
    missing = [
        *own,
        _page(404, NO_SITE, _odd_host(), _long_host()),
        {"match": [ask.says("Missing")], **_own_page(root, ask.PATH)},
        clean.missing(place),
        _first_page(root, place),
        _own_page(root, "/404.html"),
        # The matcher takes `[`, `*` and `?` in its root for a pattern: below such a home this never matches.
        _page(404, NO_PAGE, {"file": {"root": root, "try_files": ["/"]}}),
        _page(404, NO_SITE),
    ]
    return [
        {"handle": [plain]},
        # Caddy says 400 for what no file can be called: a path below a file, a NUL, a name too long.
        {"match": [_status(404, 400)], "handle": [{"handler": "subroute", "routes": missing}]},
        _page(403, FORBIDDEN, _status(403)),
        _page(405, NOT_ALLOWED, _status(405)),
        _page("{http.error.status_code}", TROUBLE),
    ]


def _own_page(root: str, page: str) -> Json:
    return {
        "handle": [
            {"handler": "rewrite", "uri": page},
            _deferred_delete("Last-Modified", "Etag"),
            {**_files(root), "pass_thru": True, "status_code": 404},
        ]
    }


def _first_page(root: str, place: str) -> Json:
    """Where the pages are one program in the browser, it knows what to show at paths that are no file."""
    headers = {"Cache-Control": ["no-cache"], "Content-Type": ["text/html; charset=utf-8"]}
    return {
        "match": [
            {
                "file": {"root": place, "try_files": [f"/{SPA}"]},
                "not": [{"path_regexp": {"pattern": r"\.[^/.]+$"}}, {"path": ["*/.*"]}],
            }
        ],
        "handle": [
            {"handler": "rewrite", "uri": "/index.html"},
            {
                "handler": "headers",
                "response": {"deferred": True, "set": headers, "delete": ["Last-Modified"]},
            },
            {**_files(root), "pass_thru": True, "status_code": 200},
        ],
        "terminal": True,
    }


def _odd_host() -> Json:
    return {"not": [{"header_regexp": {"Host": {"pattern": HOST}}}]}


def _long_host() -> Json:
    """Longer than a DNS name can be, and than a folder's name may be."""
    return {"header_regexp": {"Host": {"pattern": "^.{254}"}}}


def _status(*codes: int) -> Json:
    return {"vars": {"{http.error.status_code}": [str(code) for code in codes]}}


def _error(code: int) -> Json:
    return {"handler": "error", "status_code": code}


def _page(code: int | str, body: str, *match: Json) -> Json:
    headers = {"Content-Type": ["text/html; charset=utf-8"], "Content-Security-Policy": [_PAGE_POLICY]}
    handler: Json = {"handler": "static_response", "status_code": code, "headers": headers, "body": body}
    route: Json = {"handle": [handler], "terminal": True}
    return {"match": list(match), **route} if match else route


def _headers(values: dict[str, str], delete: list[str] | None = None) -> Json:
    response: Json = {"set": {name: [value] for name, value in values.items()}}
    return {"handler": "headers", "response": {**response, "delete": delete} if delete else response}


def _deferred_delete(*names: str) -> Json:
    return {"handler": "headers", "response": {"deferred": True, "delete": list(names)}}


def _media_map() -> Json:
    mappings = [{"input": extension, "outputs": [media]} for extension, media in types().items()]
    # Cameras and old systems write PICTURE.JPG; listed last, because they are rare.
    mappings += [{**mapping, "input": str(mapping["input"]).upper()} for mapping in mappings]
    return {
        "handler": "map",
        "source": "{http.request.uri.path.file.ext}",
        "destinations": ["{jarvis.media}"],
        "mappings": mappings,
        "defaults": [UNKNOWN],
    }


def _encode() -> Json:
    return {
        "handler": "encode",
        "encodings": {"zstd": {}, "gzip": {}},
        "prefer": ["zstd", "gzip"],
        "minimum_length": 512,
        "match": {"headers": {"Content-Type": list(COMPRESSIBLE)}},
    }


def _files(root: str) -> Json:
    return {"handler": "file_server", "root": root, "index_names": ["index.html"]}
