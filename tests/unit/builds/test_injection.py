"""No text of a project can add an instruction to its Dockerfile."""

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import dockerfile_lint
from jarvis.builds import command
from jarvis.errors import InvalidInput
from plan_cases import CASES, text, variable, verdict, written

HOSTILE = (
    *("\nRUN evil", "\r\nUSER root", "\\\n", "\\", '"', "'", "<<EOF", "<", "`id`", "$(id)", "${PORT}", "# x"),
    *(
        "--mount=x",
        '["a"]',
        "[",
        "]",
        "\u2028",
        "\x85",
        "\x1b",
        "\t",
        "é",
        "\ud800",
        ";",
        "&&",
        "|",
        " ",
        "a",
    ),
    *("/", ".", "*", "FROM x"),
)
hostile = st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=4)), min_size=1, max_size=8).map(
    "".join
)
command_line = hostile.filter(lambda text: "\0" not in text and text.strip())
thorough = settings(
    deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60
)


def keywords(read: str) -> list[str]:
    return [item.keyword for item in dockerfile_lint.instructions(read)]


def test_it_works() -> None:
    read = text("node-npm", build_command="a\nRUN evil")
    assert keywords(read) == keywords(text("node-npm"))
    assert json.loads(dockerfile_lint.stages(read)[0].all("RUN")[-1].rest)[2] == "a\nRUN evil"


@thorough
@given(install=command_line, build=command_line, start=command_line)
def test_no_command_of_the_project_can_add_an_instruction(install: str, build: str, start: str) -> None:
    for name in ("node-npm", "php-laravel", "rust", "java-maven", "python-pip"):
        members = {"install_command": install, "build_command": build, "start_command": f"run {start}"}
        read = text(name, **members, kind="worker", needs=[])
        assert read.isascii()
        assert dockerfile_lint.problems(read) == []
        assert dockerfile_lint.stages(read)[-1].all("CMD")[0].words == list(
            command.words(f"run {start}".replace("\r\n", "\n"))
        )
        found = [(item.keyword, item.rest) for item in dockerfile_lint.instructions(read)]
        assert ("USER", "root") not in found
        assert not [rest for keyword, rest in found if keyword == "RUN" and rest.startswith("evil")]


@thorough
@given(build=command_line)
def test_a_build_command_arrives_whole(build: str) -> None:
    read = text("node-npm", build_command=build)
    ran = dockerfile_lint.stages(read)[0].all("RUN")[-1].rest
    wanted = build.replace("\r\n", "\n").strip()
    assert (json.loads(ran)[2] if ran.startswith('["/bin/sh", "-c", ') else ran) == wanted


@thorough
@given(folder=hostile, path=hostile)
def test_no_name_of_a_folder_can_add_an_instruction(folder: str, path: str) -> None:
    shapes = [keywords(text(name)) for name in ("node-vite", "node-odd-folder")]
    with_names = {"environment": CASES["node-vite"]["environment"]}
    shapes.append(keywords(text("node-odd-folder", **with_names)))
    try:
        read = text("node-vite", static_dir=folder, health_path=path)
    except InvalidInput:
        return
    assert dockerfile_lint.problems(read) == []
    assert keywords(read) in shapes


@thorough
@given(
    version=hostile,
    framework=hostile,
    manager=hostile,
    variables=st.lists(hostile, max_size=3),
    files=st.lists(hostile, max_size=5),
)
def test_nothing_else_of_the_project_stands_in_a_dockerfile(
    version: str, framework: str, manager: str, variables: list[str], files: list[str]
) -> None:
    members = verdict(
        kind="worker",
        language="python",
        package_manager=manager,
        language_version=version,
        framework=framework,
        install_command="pip install -r requirements.txt",
        start_command="python a.py",
        environment=[variable(name) for name in variables],
    )
    try:
        read = written(members, files=["requirements.txt", *files]).text
    except InvalidInput:
        return
    assert dockerfile_lint.problems(read) == []
    assert keywords(read) == keywords(text("python-pip", kind="worker", needs=[]))
