import re

from jarvis.proxy.media import COMPRESSIBLE, types


def test_it_works():
    assert types()[".woff2"] == "font/woff2"
    assert types()[".md"] == "text/markdown; charset=utf-8"


def test_every_text_says_its_charset_and_nothing_else_does():
    for media in types().values():
        assert media.startswith("text/") == media.endswith("; charset=utf-8")


def test_every_entry_is_an_extension_in_lower_case_and_a_type():
    for extension, media in types().items():
        assert re.fullmatch(r"\.[a-z0-9]+", extension)
        assert re.fullmatch(r"[a-z]+/[a-z0-9.+-]+(; charset=utf-8)?", media)


def test_the_commonest_come_first():
    assert list(types())[:3] == [".html", ".css", ".js"]


def test_what_is_packed_already_is_not_compressed_again():
    def compressed(extension: str) -> bool:
        return any(types()[extension].startswith(pattern.rstrip("*")) for pattern in COMPRESSIBLE)

    assert all(
        compressed(f".{name}")
        for name in [
            "html",
            "css",
            "js",
            "json",
            "svg",
            "xml",
            "txt",
            "md",
            "wasm",
            "webmanifest",
            "ttf",
            "rss",
        ]
    )
    assert not any(
        compressed(f".{name}") for name in ["png", "jpg", "webp", "avif", "woff2", "zip", "gz", "mp4", "mp3"]
    )
