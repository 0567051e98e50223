"""Types, caching, compression, ranges: how a file goes out."""

import gzip
import os
import shutil
import subprocess
from pathlib import Path

import pytest
import zstandard

from caddy_lab import CaddyLab
from jarvis.proxy.media import types

HIDE = """
for file in /etc/mime.types /etc/apache2/mime.types /etc/apache/mime.types /etc/httpd/conf/mime.types \\
    /usr/share/mime/globs2 /usr/local/share/mime/globs2; do
    [ -e "$file" ] && mount --bind /dev/null "$file"
done
exec "$@"
"""


def _can_hide() -> bool:
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        return False
    return subprocess.run(["unshare", "-m", "sh", "-c", HIDE, "sh", "true"], check=False).returncode == 0


def test_it_works(lab: CaddyLab):
    reply = lab.get("blog.localhost", "/app.js")
    assert reply.body == b"plain()"
    assert reply.headers["content-type"] == "text/javascript; charset=utf-8"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert "server" not in reply.headers
    assert "last-modified" not in reply.headers


def _all_types_are_ours(lab: CaddyLab) -> None:
    names = [f"file{extension}" for extension in types()]
    lab.site(
        "types", "types.localhost", dict.fromkeys([*names, "PICTURE.JPG", "FILM.WEBM", "a.unheard"], "x")
    )
    wrong = {
        name: reply.headers.get("content-type")
        for name in names
        if (reply := lab.get("types.localhost", f"/{name}")).headers.get("content-type")
        != types()[Path(name).suffix]
    }
    assert wrong == {}
    assert lab.get("types.localhost", "/PICTURE.JPG").headers["content-type"] == "image/jpeg"
    assert lab.get("types.localhost", "/FILM.WEBM").headers["content-type"] == "video/webm"
    assert lab.get("types.localhost", "/a.unheard").headers["content-type"] == "application/octet-stream"


def test_every_type_comes_from_our_table(lab: CaddyLab):
    _all_types_are_ours(lab)


@pytest.mark.root_only
def test_every_type_is_right_on_a_machine_without_tables(tmp_path: Path):
    with CaddyLab(tmp_path, wrap=lambda words: ["unshare", "-m", "sh", "-c", HIDE, "sh", *words]) as bare:
        _all_types_are_ours(bare)
        bare.site("blog", "blog.localhost", {"index.html": "x", "404.html": "y"})
        assert bare.get("blog.localhost").headers["content-type"] == "text/html; charset=utf-8"
        assert bare.get("blog.localhost", "/none.js").headers["content-type"] == "text/html; charset=utf-8"


def test_a_file_without_an_extension_claims_nothing(lab: CaddyLab):
    reply = lab.get("blog.localhost", "/LICENSE")
    assert reply.body == b"licence"
    assert "content-type" not in reply.headers


def test_a_folder_shows_its_index_under_one_address(lab: CaddyLab):
    assert lab.get("blog.localhost", "/docs/").body == b"docs"
    for asked, sent in (("/docs", "/docs/"), ("/docs?a=1&b=2", "/docs/?a=1&b=2"), ("/v1.2", "/v1.2/")):
        reply = lab.get("blog.localhost", asked)
        assert (reply.status, reply.headers["location"]) == (308, sent)
        assert reply.headers["cache-control"] == "no-cache"
    reply = lab.get("blog.localhost", "/app.js/")
    assert (reply.status, reply.headers["location"]) == (308, "/app.js")


def test_a_redirect_never_leads_to_another_host(lab: CaddyLab):
    for path in ("//docs", "///docs", "/%2fdocs", "//evil.example/..%2f../docs", "/\\evil.example/../docs"):
        reply = lab.get("blog.localhost", path)
        assert reply.status == 308
        assert reply.headers["location"].startswith("/")
        assert not reply.headers["location"].startswith(("//", "/\\"))


def test_names_with_spaces_are_found(lab: CaddyLab):
    assert lab.get("blog.localhost", "/docs/my%20page.txt").body == b"page"


@pytest.mark.parametrize("path", ["/", "/app.js", "/photo-20240131.jpg", "/css-defacedd.css", "/LICENSE"])
def test_a_browser_asks_again_before_it_shows_a_kept_file(lab: CaddyLab, path: str):
    assert lab.get("blog.localhost", path).headers["cache-control"] == "no-cache"


def test_a_file_named_by_its_content_is_kept_for_ever(lab: CaddyLab):
    reply = lab.get("blog.localhost", "/app-4fa9c1d2.js?v=1")
    assert reply.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert lab.get("blog.localhost", "/app-4fa9c1d3.js").headers["cache-control"] == "no-store"


def test_an_unchanged_file_is_not_sent_again(lab: CaddyLab):
    for encoding in ("identity", "gzip", "zstd"):
        first = lab.get("blog.localhost", "/", Accept_Encoding=encoding)
        again = lab.get("blog.localhost", "/", Accept_Encoding=encoding, If_None_Match=first.headers["etag"])
        assert (again.status, again.body) == (304, b"")
        assert again.headers["cache-control"] == "no-cache"
        assert again.headers["vary"] == "Accept-Encoding"
    assert lab.get("blog.localhost", "/", If_None_Match='"other"').status == 200


def test_dates_are_not_believed(lab: CaddyLab):
    reply = lab.get("blog.localhost", "/", If_Modified_Since="Fri, 01 Jan 2100 00:00:00 GMT")
    assert reply.status == 200
    reply = lab.get("blog.localhost", "/", If_Unmodified_Since="Sat, 01 Jan 2000 00:00:00 GMT")
    assert reply.status == 200


def test_going_back_to_an_older_release_is_seen_at_once(lab: CaddyLab):
    for release, stamp in (("r1", 1_700_000_000), ("r2", 1_700_000_050)):
        page = lab.release("turn", release, {"index.html": release}) / "index.html"
        os.utime(page, (stamp, stamp))
    lab.site("turn", "turn.localhost", {}, "r2")
    newer = lab.get("turn.localhost")
    lab.site("turn", "turn.localhost", {}, "r1")
    older = lab.get(
        "turn.localhost", If_None_Match=newer.headers["etag"], If_Modified_Since=newer.headers["date"]
    )
    assert (newer.body, older.status, older.body) == (b"r2", 200, b"r1")


def test_text_is_compressed_and_says_so(lab: CaddyLab):
    plain = lab.get("blog.localhost")
    zipped = lab.get("blog.localhost", Accept_Encoding="gzip, deflate, br")
    small = lab.get("blog.localhost", Accept_Encoding="gzip, deflate, br, zstd")
    assert zipped.headers["content-encoding"] == "gzip"
    assert gzip.decompress(zipped.body) == plain.body
    assert small.headers["content-encoding"] == "zstd"
    assert zstandard.ZstdDecompressor().decompressobj().decompress(small.body) == plain.body
    assert len(small.body) < len(plain.body) / 4
    assert len({reply.headers["etag"] for reply in (plain, zipped, small)}) == 3
    assert {reply.headers["vary"] for reply in (plain, zipped, small)} == {"Accept-Encoding"}


def test_what_is_small_or_packed_already_is_not_compressed(lab: CaddyLab):
    for path in ("/small.txt", "/picture.png", "/pixels.bin"):
        assert "content-encoding" not in lab.get("blog.localhost", path, Accept_Encoding="gzip, zstd").headers


def test_a_part_of_a_file(lab: CaddyLab):
    whole = lab.get("blog.localhost", "/pixels.bin")
    part = lab.get("blog.localhost", "/pixels.bin", Range="bytes=1000-1009", If_Range=whole.headers["etag"])
    assert (part.status, part.body) == (206, whole.body[1000:1010])
    assert part.headers["content-range"] == "bytes 1000-1009/10240"
    assert lab.get("blog.localhost", "/pixels.bin", Range="bytes=-5").body == whole.body[-5:]
    changed = lab.get("blog.localhost", "/pixels.bin", Range="bytes=0-4", If_Range='"older"')
    assert (changed.status, changed.body) == (200, whole.body)


def test_a_part_is_never_compressed(lab: CaddyLab):
    part = lab.get("blog.localhost", "/", Range="bytes=0-1023", Accept_Encoding="gzip, zstd")
    assert part.status == 206
    assert "content-encoding" not in part.headers
    assert part.body == lab.get("blog.localhost").body[:1024]


def test_a_part_that_is_not_there(lab: CaddyLab):
    reply = lab.get("blog.localhost", "/pixels.bin", Range="bytes=99999-")
    assert reply.status == 416
    assert reply.headers["content-range"] == "bytes */10240"
    assert reply.headers["content-type"].startswith("text/plain")
    assert len(reply.body) < 50
    assert "immutable" not in reply.headers.get("cache-control", "")
