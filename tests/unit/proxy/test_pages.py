import pytest

from jarvis.proxy import pages

ALL = {name: text for name, text in vars(pages).items() if name.isupper() and isinstance(text, str)}


def test_it_works():
    assert "<h1>No site here</h1>" in pages.NO_SITE
    assert len(ALL) >= 5


@pytest.mark.parametrize("name", sorted(ALL))
def test_a_page_needs_nothing_from_elsewhere_and_knows_the_dark(name: str):
    text = ALL[name]
    assert "prefers-color-scheme: dark" in text
    for outside in ("http:", "https:", "//", "url(", "@import", "<script", "<img", "<link", "src="):
        assert outside not in text


def test_words_are_escaped():
    assert "<b>" not in pages.page("<b>", "<b>")
