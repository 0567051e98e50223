"""What a file name says about its content, the same on every machine.

Caddy asks Go, and Go asks files such as /etc/mime.types that a small machine does not have. Go alone knows
a dozen types; a font or a web manifest would then go out without any.
"""

UNKNOWN = "application/octet-stream"

_TEXT = {
    "text/calendar": "ics",
    "text/css": "css",
    "text/csv": "csv",
    "text/html": "html htm",
    "text/javascript": "js mjs",
    "text/markdown": "md markdown",
    "text/plain": "txt text log ini conf cfg diff patch sh py rs go ts tsx jsx c h vtl",
    "text/tab-separated-values": "tsv",
    "text/vcard": "vcf",
    "text/vtt": "vtt",
    "text/xml": "xml xsl xsd",
}
_OTHER = {
    "application/atom+xml": "atom",
    "application/epub+zip": "epub",
    "application/geo+json": "geojson",
    "application/gzip": "gz tgz",
    "application/json": "json map",
    "application/ld+json": "jsonld",
    "application/manifest+json": "webmanifest",
    "application/pdf": "pdf",
    "application/rss+xml": "rss",
    "application/rtf": "rtf",
    "application/toml": "toml",
    "application/vnd.android.package-archive": "apk",
    "application/vnd.ms-fontobject": "eot",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/wasm": "wasm",
    "application/x-7z-compressed": "7z",
    "application/x-bzip2": "bz2",
    "application/x-tar": "tar",
    "application/x-xz": "xz",
    "application/xhtml+xml": "xhtml",
    "application/yaml": "yaml yml",
    "application/zip": "zip",
    "application/zstd": "zst",
    "audio/aac": "aac",
    "audio/flac": "flac",
    "audio/mp4": "m4a",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg oga opus",
    "audio/wav": "wav",
    "font/otf": "otf",
    "font/ttf": "ttf",
    "font/woff": "woff",
    "font/woff2": "woff2",
    "image/apng": "apng",
    "image/avif": "avif",
    "image/bmp": "bmp",
    "image/gif": "gif",
    "image/heic": "heic",
    "image/jpeg": "jpg jpeg",
    "image/jxl": "jxl",
    "image/png": "png",
    "image/svg+xml": "svg",
    "image/tiff": "tif tiff",
    "image/webp": "webp",
    "image/x-icon": "ico",
    "model/gltf+json": "gltf",
    "model/gltf-binary": "glb",
    "video/mp4": "mp4 m4v",
    "video/ogg": "ogv",
    "video/quicktime": "mov",
    "video/webm": "webm",
}

COMPRESSIBLE = (
    "text/*",
    "application/atom+xml*",
    "application/geo+json*",
    "application/json*",
    "application/ld+json*",
    "application/manifest+json*",
    "application/rss+xml*",
    "application/toml*",
    "application/vnd.ms-fontobject*",
    "application/wasm*",
    "application/xhtml+xml*",
    "application/yaml*",
    "font/otf*",
    "font/ttf*",
    "image/bmp*",
    "image/svg+xml*",
    "image/x-icon*",
    "model/gltf+json*",
)
"""Types that get smaller by zstd or gzip, as Caddy's response matcher reads them."""


def types() -> dict[str, str]:
    """Return the content type for every extension known here, the commonest first.

    The order matters: Caddy compares one after the other.
    """
    table: dict[str, str] = {}
    for media, extensions in _TEXT.items():
        table.update({f".{extension}": f"{media}; charset=utf-8" for extension in extensions.split()})
    for media, extensions in _OTHER.items():
        table.update({f".{extension}": media for extension in extensions.split()})
    first = (".html", ".css", ".js", ".png", ".jpg", ".svg", ".woff2", ".webp", ".json", ".ico")
    return {extension: table[extension] for extension in (*first, *sorted(table.keys() - set(first)))}
