"""R programs."""

from pathlib import Path

import pytest

from grove import backed, plant
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.detectors import r

LOCK = '{"R": {"Version": "4.4.1"}, "Packages": {}}'
SHINY = "library(shiny)\nshinyApp(ui, server)\n"
PLUMBER = "#* @get /ping\nfunction() 'pong'\n"
NUMBER = "as.numeric(Sys.getenv('PORT', '{}'))"


def look(folder: Path, files: dict[str, str]) -> Candidate:
    tree = plant(folder, files)
    return backed(r.detect(tree), tree)


def test_it_works(tmp_path: Path):
    found = look(tmp_path, {"app.R": SHINY, "renv.lock": LOCK})
    assert (found.kind, found.language, found.framework, found.port) == ("web", "r", "shiny", 3838)
    assert (
        found.start_command == f"R -e \"shiny::runApp('.', host = '0.0.0.0', port = {NUMBER.format(3838)})\""
    )
    assert (found.package_manager, found.install_command) == ("renv", 'R -e "renv::restore()"')
    assert found.language_version == "4.4.1"


KINDS = [
    (
        {"server.R": "shinyServer(function(input, output) {})\n", "ui.R": "shinyUI(fluidPage())\n"},
        "web",
        "shiny",
        3838,
    ),
    ({"shiny/app.R": SHINY}, "web", "shiny", 3838),
    ({"run.R": "library(shiny)\nrunApp(host='0.0.0.0', port = 8080)\n"}, "web", "shiny", 8080),
    ({"plumber.R": PLUMBER}, "web", "plumber", 8000),
    (
        {"api.R": PLUMBER, "main.R": "library(plumber)\npr('api.R') |> pr_run(port = 8081)\n"},
        "web",
        "plumber",
        8000,
    ),
    ({"main.R": "print(1)\n"}, "script", "none", None),
    (
        {"DESCRIPTION": "Package: x\nDepends: R (>= 4.1)\n", "NAMESPACE": "", "R/x.R": "f <- function() 1\n"},
        "library",
        "none",
        None,
    ),
]


@pytest.mark.parametrize(("files", "kind", "framework", "port"), KINDS)
def test_the_kind_is_told_by_what_it_serves(
    tmp_path: Path, files: dict[str, str], kind: str, framework: str, port: int | None
):
    found = look(tmp_path, files)
    assert (found.kind, found.framework, found.port) == (kind, framework, port)
    assert bool(found.start_command) == (kind != "library")


def test_packages_that_nothing_lists_are_taken_from_the_sources(tmp_path: Path):
    found = look(tmp_path, {"main.R": "library(dplyr)\nlibrary(RPostgres)\nlibrary(stats)\n"})
    assert found.install_command == "R -e \"install.packages(c('dplyr', 'RPostgres'))\""
    assert [(item.engine, item.line) for item in found.needs] == [("postgres", 2)]
    assert [item.rule for item in found.findings] == ["missing-lock-file"]


def test_a_main_file_is_preferred(tmp_path: Path):
    found = look(tmp_path, {"a.R": "x <- 1\n", "main.R": "print(1)\n"})
    assert found.start_command == "Rscript main.R"


def test_no_r_is_no_candidate(tmp_path: Path):
    assert r.detect(plant(tmp_path, {"main.py": "print(1)\n", "DESCRIPTION": "Package: x\n"})) is None
