"""Perl, with cpanm or Carton."""

from jarvis.builds.project import Project
from jarvis.builds.stacks import debian
from jarvis.builds.stacks.stack import Local, Stack
from jarvis.builds.stacks.version import Shelf, choose

SHELF = Shelf(language="Perl", versions=("5.40", "5.42", "5.44"), usual="5.42", minimum=True)
FOLDER = "/opt/perl"
LIBRARY = {"PERL5LIB": f"{FOLDER}/lib/perl5"}


def fits(project: Project) -> bool:
    """A project of Perl."""
    return project.language == "perl"


def stack(project: Project) -> Stack:
    """Modules are fetched into a folder of their own, which goes along."""
    choice = choose(SHELF, project.language_version)
    carton = project.says("carton")
    return Stack(
        name="perl",
        version=choice.version,
        build_image=f"perl:{choice.version}-bookworm" if project.builds else "",
        run_image=f"perl:{choice.version}-slim-bookworm",
        run_packages=debian.clients(project),
        prepare=(f"mkdir -p {FOLDER}", *(("cpanm Carton",) if carton else ())),
        manifests=("cpanfile*", "Makefile.PL*", "META.*"),
        early=project.install_command if project.has("cpanfile") else "",
        install="" if project.has("cpanfile") else project.install_command,
        build=project.build_command,
        caches=("/root/.cpanm",),
        build_environment={"PERL_CPANM_OPT": f"--local-lib={FOLDER} --notest", **LIBRARY},
        run_environment=LIBRARY if project.builds else {},
        path=(f"{FOLDER}/bin",) if project.builds else (),
        copies=(FOLDER,) if project.builds else (),
        start=project.start_command,
        notes=choice.notes,
        local=Local(
            programs=("perl", *(("carton",) if carton else ("cpanm",) if project.install_command else ())),
            environment={"PERL_CPANM_OPT": "--local-lib=local --notest"},
            path=("local/bin",),
            run_environment={"PERL5LIB": "local/lib/perl5"},
        ),
    )
