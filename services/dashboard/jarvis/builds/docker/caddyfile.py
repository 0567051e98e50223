"""The configuration of the server in an image: Caddy for finished pages, FrankenPHP for PHP."""

_HEAD = ("{", "admin off", "auto_https off", "persist_config off", "}", ":{$PORT:8080} {")
_HIDDEN = (
    "@hidden {",
    "path */.*",
    "not path_regexp ^/\\.well-known(/[^/.][^/]*)*/?$",
    "}",
    "respond @hidden 404",
    "encode zstd gzip",
)


def pages(*, spa: bool) -> tuple[str, ...]:
    """For finished pages in /srv. Names that begin with a dot are not there, whatever was copied."""
    fallback = ("try_files {path} {path}/index.html /index.html",) if spa else ()
    missing = () if spa else ("handle_errors 404 {", "rewrite * /404.html", "file_server", "}")
    return (*_HEAD, "root * /srv", *_HIDDEN, *fallback, "file_server", *missing, "}")


def php() -> tuple[str, ...]:
    """For PHP below the folder that DOCUMENT_ROOT names."""
    return (*_HEAD, "root * {$DOCUMENT_ROOT}", *_HIDDEN, "php_server", "}")
