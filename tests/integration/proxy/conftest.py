from collections.abc import Iterator

import pytest

from caddy_lab import CaddyLab

TEXT = "<h1>hello</h1>\n" + "The quick brown fox. " * 100


@pytest.fixture(scope="package")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CaddyLab]:
    """One Caddy with two sites, one with a page for what is missing and one without."""
    with CaddyLab(tmp_path_factory.mktemp("proxy")) as running:
        running.site(
            "blog",
            "blog.localhost",
            {
                "index.html": TEXT,
                "docs/index.html": "docs",
                "docs/my page.txt": "page",
                "empty/photo.jpg": "no index here",
                "v1.2/index.html": "version",
                ".env": "SECRET",
                ".git/config": "SECRET",
                "docs/.htpasswd": "SECRET",
                ".well-known/security.txt": "contact",
                ".well-known/.env": "SECRET",
                "LICENSE": "licence",
                "app-4fa9c1d2.js": "hashed()",
                "app.js": "plain()",
                "photo-20240131.jpg": "a date",
                "css-defacedd.css": "a word",
                "pixels.bin": bytes(range(256)) * 40,
                "picture.png": TEXT,
                "small.txt": "small",
                "back\\slash.txt": "a name with a backslash",
            },
        )
        trap = running.www / "current" / "index.html"  # what the host `..` would lead to
        trap.parent.mkdir()
        trap.write_text("SECRET")
        running.site("shop", "shop.localhost", {"index.html": "shop", "404.html": "<h1>our own page</h1>"})
        yield running
