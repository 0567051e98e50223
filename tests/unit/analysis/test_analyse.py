"""What is this folder?"""

import pytest

from jarvis.analysis.analyse import analyse
from jarvis.analysis.detectors import DETECTORS, output, page, project
from jarvis.analysis.detectors.output import FOLDERS
from jarvis.analysis.detectors.project import MANIFESTS
from jarvis.errors import NothingToServe


def refusal(*paths: str) -> NothingToServe:
    with pytest.raises(NothingToServe) as caught:
        analyse(paths)
    return caught.value


def test_it_works() -> None:
    verdict = analyse(["style.css", "index.html"])
    assert (verdict.kind, verdict.root, verdict.confidence) == ("static", "", 1.0)
    assert verdict.to_dict()["evidence"][0]["file"] == "index.html"


def test_the_only_folder_of_an_archive_is_the_site() -> None:
    verdict = analyse(["site/index.html", "site/a/b.css", ".DS_Store"])
    assert (verdict.root, verdict.evidence[0].file) == ("site", "site/index.html")


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_output_of_a_generator_is_the_site(folder: str) -> None:
    verdict = analyse(["Makefile", "src/main.js", f"{folder}/index.html"])
    assert (verdict.kind, verdict.root) == ("static", folder)
    assert folder in verdict.evidence[0].why


def test_a_page_at_the_top_comes_before_everything_else() -> None:
    assert analyse(["dist/index.html", "package.json", "index.html"]).root == ""


def test_every_served_root_holds_the_page_that_is_its_evidence() -> None:
    for paths in (["index.html"], ["s/index.html"], ["package.json", "out/index.html"]):
        verdict = analyse(paths)
        assert verdict.evidence[0].file == "/".join(filter(None, [verdict.root, "index.html"]))
        assert verdict.evidence[0].file in paths


@pytest.mark.parametrize(("manifest", "kind", "what"), MANIFESTS)
def test_a_project_is_named_in_the_refusal(manifest: str, kind: str, what: str) -> None:
    error = refusal("README.md", manifest)
    assert what in error.message
    assert manifest in error.message
    assert error.facts == {"kind": kind, "found": manifest}
    assert "build" in error.hint


@pytest.mark.parametrize(
    ("paths", "said"),
    [
        ((), "no files at all"),
        (("a.txt",), "1 file (1 .txt), for example a.txt"),
        (("b.txt", "a.md", "c.txt"), "3 files (2 .txt, 1 .md)"),
        (("LICENSE",), "1 without ending"),
        (("deep/er/home.html", "z.txt"), "for example deep/er/home.html"),
        (("a/index.html", "b/index.html"), "for example a/index.html"),
        (("Index.HTML",), "for example Index.HTML"),
    ],
)
def test_the_refusal_says_what_was_found(paths: tuple[str, ...], said: str) -> None:
    error = refusal(*paths)
    assert said in error.message
    assert "index.html" in error.hint


def test_a_long_name_does_not_fill_the_sentence() -> None:
    assert len(refusal("x" * 4000).message) < 4000


def test_detectors_say_nothing_where_they_know_nothing() -> None:
    assert [detect(["notes.txt"]) for detect in DETECTORS] == [None, None, None]
    assert [detect([]) for detect in DETECTORS] == [None, None, None]


def test_the_finished_page_is_asked_for_before_the_project() -> None:
    assert (page.detect, output.detect, project.detect) == DETECTORS


class Counted(list[str]):
    """A list that counts how often it is gone through."""

    walks = 0

    def __iter__(self):
        type(self).walks += 1
        return super().__iter__()

    def __contains__(self, item: object) -> bool:
        type(self).walks += 1
        return super().__contains__(item)


def test_fifty_thousand_files_are_gone_through_a_few_times_only() -> None:
    paths = Counted(f"folder{number % 97}/file{number}.txt" for number in range(50_000))
    Counted.walks = 0
    with pytest.raises(NothingToServe, match=r"50000 files \(50000 \.txt\)"):
        analyse(paths)
    assert Counted.walks < 20
