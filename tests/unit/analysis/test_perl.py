"""Perl sites, distributions and scripts."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grove import backed, engines, plant, rules
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.detectors import perl

Look = Callable[[dict[str, str]], Candidate]
MAIN = "#!/usr/bin/env perl\nuse strict;\nprint 1;\n"
LITE = "use Mojolicious::Lite;\nget '/health' => sub { shift->render(text => 'ok') };\napp->start;\n"
LISTEN = "--host 0.0.0.0 --port ${PORT:-5000}"


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def write(files: dict[str, str]) -> Candidate:
        tree = plant(tmp_path, files)
        return backed(perl.detect(tree), tree)

    return write


def test_it_works(look: Look):
    found = look({"cpanfile": "requires 'Mojolicious', '9.0';\n", "app.pl": MAIN + LITE})
    assert (found.kind, found.language, found.framework) == ("web", "perl", "mojolicious")
    assert (found.confidence, found.package_manager, found.port) == (0.97, "cpanm", 3000)
    assert found.install_command == "cpanm --notest --installdeps ."
    assert found.start_command == "perl app.pl prefork -m production -l http://*:${PORT:-3000}"
    assert (found.health_path, found.dependencies) == ("/health", {"mojolicious": ("cpanfile", 1)})


@pytest.mark.parametrize(
    ("module", "framework"),
    [
        ("Dancer2", "dancer2"),
        ("Dancer", "dancer"),
        ("Catalyst", "catalyst"),
        ("Kelp", "kelp"),
        ("Plack", "plack"),
    ],
)
def test_a_framework_is_known_by_its_module(look: Look, module: str, framework: str):
    found = look({"cpanfile": f'requires "{module}";\n', "app.psgi": MAIN})
    assert (found.kind, found.framework) == ("web", framework)


@pytest.mark.parametrize(
    ("needed", "start"),
    [
        ("Plack", f"plackup -E production {LISTEN} app.psgi"),
        ("Starman", f"starman {LISTEN} app.psgi"),
        ("Starlet", f"plackup -s Starlet {LISTEN} app.psgi"),
        ("Twiggy", f"twiggy {LISTEN} app.psgi"),
    ],
)
def test_an_app_for_psgi_is_served_by_the_server_it_requires(look: Look, needed: str, start: str):
    assert look({"cpanfile": f"requires '{needed}';\n", "app.psgi": MAIN}).start_command == start


def test_an_app_for_psgi_needs_no_manifest(look: Look):
    found = look({"app.psgi": "sub { [200, [], ['ok']] };\n"})
    assert (found.kind, found.framework, found.confidence) == ("web", "plack", 0.9)


def test_carton_starts_what_it_installed(look: Look):
    files = {"cpanfile": "requires 'Dancer2';\n", "cpanfile.snapshot": "# carton\n", "bin/app.psgi": MAIN}
    found = look(files)
    assert (found.package_manager, found.findings) == ("carton", [])
    assert found.install_command == "carton install --deployment"
    assert found.start_command == f"carton exec plackup -E production {LISTEN} bin/app.psgi"


@pytest.mark.parametrize(
    ("files", "kind"),
    [
        ({"hello.pl": MAIN}, "script"),
        ({"index.cgi": "#!/usr/bin/perl\nuse CGI;\n"}, "web"),
        ({"cgi-bin/form.pl": MAIN + 'print "Content-type: text/html";\n', "cpanfile": ""}, "web"),
        ({"server.pl": MAIN + "use HTTP::Daemon;\nHTTP::Daemon->new(LocalPort => 8001);\n"}, "web"),
        ({"Makefile.PL": "PREREQ_PM => { 'Moo' => '2.0' }\n", "lib/Shop.pm": "package Shop;\n"}, "library"),
    ],
)
def test_what_a_program_does_tells_its_kind(look: Look, files: dict[str, str], kind: str):
    assert look(files).kind == kind


def test_a_port_in_the_program_is_read(look: Look):
    found = look({"server.pl": MAIN + "use HTTP::Daemon;\nHTTP::Daemon->new(LocalPort => 8001);\n"})
    assert (found.port, found.start_command) == (8001, "perl server.pl")


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"cpanfile": "requires 'DBD::Pg';\n"}, {"postgres": "required"}),
        ({"cpanfile": "requires 'DBD::SQLite';\n"}, {"sqlite": "embedded"}),
        ({"cpanfile": "requires 'Redis';\n"}, {"redis": "required"}),
        ({"lib/Db.pm": "DBI->connect('dbi:mysql:shop');\n"}, {"mysql": "required"}),
    ],
)
def test_drivers_and_addresses_tell_the_database(look: Look, files: dict[str, str], expected: dict[str, str]):
    assert engines(look({"app.pl": MAIN, **files})) == expected


def test_a_missing_lock_file_is_a_finding(look: Look):
    assert rules(look({"cpanfile": "requires 'Moo';\n", "app.pl": MAIN})) == ["missing-lock-file"]


@pytest.mark.parametrize(
    ("file", "text"), [(".perl-version", "5.40.0\n"), (".tool-versions", "perl 5.40.0\n")]
)
def test_the_version_is_taken_from_what_pins_it(look: Look, file: str, text: str):
    assert look({"app.pl": MAIN, file: text}).language_version == "5.40.0"


def test_a_script_beside_another_manifest_is_only_a_guess(look: Look):
    assert look({"package.json": "{}", "tool.pl": MAIN}).confidence < 0.5


@pytest.mark.parametrize(
    "files", [{}, {"family.pl": "parent(X, Y) :- father(X, Y).\n"}, {"Makefile.PL": "", "x.c": ""}]
)
def test_nothing_of_perl_is_nothing(tmp_path: Path, files: dict[str, str]):
    assert perl.detect(plant(tmp_path, files)) is None
